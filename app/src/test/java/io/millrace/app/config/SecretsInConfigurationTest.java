package io.millrace.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whoever pastes an error message somewhere must not paste a password with it. */
class SecretsInConfigurationTest {

    private static final String SECRET = "open-sesame";
    private static final String TASKS = "\ntasks: {intent: {labels: [a, b], training: {encoder: e}}}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    'kafka: open-sesame'                                              | kafka must be a mapping of keys, got a single value
                    'kafka: [open-sesame]'                                            | kafka must be a mapping of keys, got a list
                    'kafka: {bootstrapServers: [open-sesame]}'                        | kafka.bootstrapServers must be a text, got a list
                    'kafka: {bootstrapServers: a, properties: open-sesame}'           | kafka.properties must be a mapping of keys, got a single value
                    'kafka: {bootstrapServers: a, properties: {p: [open-sesame]}}'    | kafka.properties.p must be a text, got a list
                    'kafka: {bootstrapServers: a, properties: {p: {q: open-sesame}}}' | kafka.properties.p must be a text, got a mapping of keys
                    'kafka: {properties: {p: open-sesame}}'                           | kafka.bootstrapServers must name at least one broker as host:port, got "null"
                    'kafka: {password: open-sesame}'                                  | unknown key kafka.password. Known keys there: bootstrapServers, prefix, properties.
                    """)
    void shouldSayWhatIsWrongWithoutShowingTheValue(String text, String message) throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("millrace.yaml"), text + TASKS);

        // When
        var thrown = assertThatThrownBy(() -> MillraceConfig.read(file));

        // Then
        thrown.isInstanceOf(ConfigException.class)
                .hasMessage(file + ": " + message)
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    '- kafka: {properties: {p: open-sesame}}'
                    'open-sesame'
                    'p: "open-sesame'
                    'p: open-sesame: q'
                    'p: "\\open-sesame"'
                    'p: !open-sesame!x y'
                    'p: &open-sesame'
                    'p: *open-sesame'
                    'p: [open-sesame'
                    'p: {open-sesame'
                    'p: `open-sesame'
                    'p: @open-sesame'
                    'p: %open-sesame'
                    'p: |open-sesame'
                    'p: >open-sesame'
                    '%open-sesame'
                    'p: open-sesame\n q: r'
                    'p: open-sesame\np: open-sesame'
                    """)
    void shouldNotQuoteAFileThatCannotBeParsed(String text) throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("millrace.yaml"), text.replace("\\n", "\n"));

        // When
        var thrown = assertThatThrownBy(() -> MillraceConfig.read(file));

        // Then
        thrown.isInstanceOf(ConfigException.class)
                .hasMessageNotContaining(SECRET)
                .hasNoCause();
    }

    @Test
    void shouldNotPrintTheValuesOfAReadConfiguration() throws IOException {
        // Given
        Path file = Files.writeString(
                folder.resolve("millrace.yaml"),
                "kafka: {bootstrapServers: a, properties: {ssl.key.password: " + SECRET + "}}" + TASKS);

        // When
        MillraceConfig config = MillraceConfig.read(file);

        // Then
        assertThat(config.toString()).contains("ssl.key.password").doesNotContain(SECRET);
    }
}
