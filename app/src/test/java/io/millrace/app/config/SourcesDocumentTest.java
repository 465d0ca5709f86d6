package io.millrace.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.decode.RegistryConfig;
import io.millrace.ingest.decode.SchemaRegistry;
import io.millrace.ingest.source.MappedRecord;
import io.millrace.ingest.source.RecordMapping;
import io.millrace.ingest.source.SourceConfig;
import io.millrace.schemas.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Holds the examples of docs/sources.md to the code. */
class SourcesDocumentTest {

    private static final Pattern YAML = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern RECORD = Pattern.compile("(?m)^    acme\\.\\w+ +key (\\d+) +(\\{.*})$");

    @TempDir
    private Path folder;

    @Test
    void shouldMapTheShownRecordsToTheShownExample() throws IOException {
        // Given
        String page = page();
        List<Path> files = configurations(page);
        SourceConfig tickets = MillraceConfig.read(files.get(0)).sources().get("tickets");
        List<String[]> records = RECORD.matcher(page)
                .results()
                .map(record -> new String[] {record.group(1), record.group(2)})
                .toList();
        SchemaRegistry none = SchemaRegistry.of(RegistryConfig.none());

        // When
        MappedRecord text = map(RecordMapping.ofTexts(tickets, none), records.get(0));
        MappedRecord label = map(RecordMapping.ofLabels(tickets, tickets.labels(), none), records.get(1));

        // Then
        assertThat(text.example().get("id")).isEqualTo(label.example().get("id"));
        String shown = page.lines()
                .filter(line -> line.startsWith("    {\"example\""))
                .findFirst()
                .orElseThrow();
        for (String field : List.of("id", "text", "eventTime", "attributes")) {
            assertThat(shown).contains("\"" + field + "\":" + text.example().get(field));
        }
        assertThat(shown).contains("\"label\":" + label.example().get("label"));
    }

    @Test
    void shouldShowConfigurationsThatAreRead() throws IOException {
        // When
        List<Path> files = configurations(page());

        // Then
        assertThat(files).hasSize(2).allSatisfy(file -> assertThat(
                        MillraceConfig.read(file).sources())
                .hasSize(1));
    }

    private static MappedRecord map(RecordMapping mapping, String[] record) {
        return mapping.map(record[0].getBytes(UTF_8), record[1].getBytes(UTF_8), new Origin("acme", 0, 0, 0));
    }

    private List<Path> configurations(String page) {
        return YAML.matcher(page)
                .results()
                .map(yaml -> write(yaml.start() + ".yaml", yaml.group(1)))
                .toList();
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String page() throws IOException {
        return Files.readString(Path.of(System.getProperty("millrace.root"), "docs", "sources.md"));
    }
}
