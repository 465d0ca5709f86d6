package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Holds {@code docs/schemas.md} to the code. */
class DocumentationTest {

    private static final Pattern TOPIC_ROW = Pattern.compile("^\\| `([a-z-]+)` \\|.*\\|$", Pattern.MULTILINE);
    private static final Pattern SCHEMA_FILE = Pattern.compile("`([a-z-]+)\\.schema\\.json`");
    private static final Pattern EXAMPLE = Pattern.compile("```json\\n(.*?)\\n```", Pattern.DOTALL);

    private static String page;

    @BeforeAll
    static void readPage() throws IOException {
        page = Files.readString(Path.of("../docs/schemas.md"));
    }

    @Test
    void shouldListTopicsInTheirOrder() {
        assertThat(TOPIC_ROW.matcher(page).results().map(row -> row.group(1)))
                .containsExactlyElementsOf(Topics.ALL.stream().map(Topic::name).toList());
    }

    @Test
    void shouldNameEverySchemaFile() {
        assertThat(SCHEMA_FILE.matcher(page).results().map(file -> file.group(1)))
                .containsExactlyInAnyOrderElementsOf(SchemaFiles.names());
    }

    @Test
    void shouldShowGoldenRecords() throws IOException {
        // Given
        List<String> golden = WireExamples.all()
                .filter(WireExample::complete)
                .map(example -> Json.write(example.value()))
                .toList();

        // When
        List<String> shown = new ArrayList<>();
        Matcher example = EXAMPLE.matcher(page);
        while (example.find()) {
            shown.add(Json.mapper().readTree(example.group(1)).toString());
        }

        // Then
        assertThat(shown).containsExactlyInAnyOrderElementsOf(golden);
    }

    @ParameterizedTest
    @EnumSource
    void shouldListEveryRejectionReason(RejectionReason reason) {
        assertThat(page).contains("`" + reason.wireName() + "`");
    }
}
