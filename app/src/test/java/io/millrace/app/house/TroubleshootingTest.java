package io.millrace.app.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every message in docs/troubleshooting.md is one of ours: what stands between its placeholders is in the sources. */
class TroubleshootingTest {

    private static final Path ROOT = Path.of(System.getProperty("millrace.root"));
    private static final Pattern MESSAGE = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);

    /** Whether strings are joined over lines, and where a value stands, is no part of a message. */
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");

    @Test
    void shouldQuoteMessagesThatTheSourcesHave() throws IOException {
        // Given
        String sources = sources();
        List<String> messages = MESSAGE.matcher(Files.readString(ROOT.resolve("docs/troubleshooting.md")))
                .results()
                .map(message -> message.group(1))
                .toList();

        // When
        List<String> unknown = new ArrayList<>();
        for (String message : messages) {
            for (String part : parts(message)) {
                if (!sources.contains(part)) {
                    unknown.add(part + " of: " + message);
                }
            }
        }

        // Then
        assertThat(messages).hasSizeGreaterThan(30).doesNotHaveDuplicates();
        assertThat(messages).allSatisfy(message -> assertThat(parts(message))
                .as(message)
                .anySatisfy(part -> assertThat(part.length()).isGreaterThan(15)));
        assertThat(unknown).isEmpty();
    }

    /** Between the placeholders; an empty one is everywhere. */
    private static List<String> parts(String message) {
        return List.of(message.split("…", -1));
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder(Files.readString(ROOT.resolve("millrace")));
        for (String module : List.of("schemas", "encoder", "ingest", "trainer", "evaluator", "compare", "app")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file : files.filter(one -> one.toString().endsWith(".java"))
                        .sorted()
                        .toList()) {
                    all.append(Files.readString(file)).append('\n');
                }
            }
        }
        return JOINT.matcher(all).replaceAll("").replace("\\\"", "\"");
    }
}
