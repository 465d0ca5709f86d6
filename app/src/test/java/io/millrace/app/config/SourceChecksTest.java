package io.millrace.app.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class SourceChecksTest {

    private static final String TASKS = "tasks: {intent: {labels: [a, b], training: {encoder: encoder}}}\n";

    @TempDir
    private Path folder;

    /** The section sources, and a piece of the message. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{s: {topic: examples, fields: {text: /t, label: /l}}}|sources.s must name topics of others, got \"examples\"",
                "{s: {topic: millrace-ingest-x, fields: {text: /t, label: /l}}}|which is one of this installation",
                "{s: {topic: t, task: mood, fields: {text: /t, label: /l}}}|sources.s.task must be one of the tasks intent, got \"mood\"",
                "{s: {topic: t, format: avro, fields: {text: /t, label: /l}}}|ingest.registry.url must name the schema registry, because sources.s has",
                "{s: {topic: t, format: xml, fields: {text: /t, label: /l}}}|sources.s.format must be one of json, json-schema, avro, protobuf, got \"xml\"",
                "{S s: {topic: t, fields: {text: /t, label: /l}}}|sources.S s must be named by lower-case letters",
                "{s: {topic: t, fields: {text: t, label: /l}}}|sources.s.fields.text must be a JSON pointer that begins with /",
                "{s: {topic: t, fields: {txt: /t}}}|unknown key sources.s.fields.txt",
                "{s: {topic: t, fields: {text: /t}}}|sources.s.fields.label must be a JSON pointer, or the section labels",
                "{s: {topic: t, fields: {text: /t}, labels: {topic: l, label: l}}}|sources.s.labels.label must be a JSON pointer"
            })
    void shouldNameTheKeyThatIsWrong(String sources, String message) throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("millrace.yaml"), TASKS + "sources: " + sources + "\n");

        // Then
        assertThatThrownBy(() -> MillraceConfig.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldNotShowCredentialsThatAreWrong() throws IOException {
        // Given
        Path file = Files.writeString(
                folder.resolve("millrace.yaml"), TASKS + "ingest: {registry: {credentials: [sesame]}}\n");

        // Then
        assertThatThrownBy(() -> MillraceConfig.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ingest.registry.credentials must be a text, got a list")
                .hasMessageNotContaining("sesame");
    }
}
