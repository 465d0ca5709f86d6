package io.millrace.local.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.Distribution;
import io.millrace.schemas.ProbeExample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

class ProbeFileTest {

    private static final String GOOD = "{\"id\": \"1\", \"text\": \"hello\", \"label\": \"greeting\"}";

    private final ProbeFile probeFile = new ProbeFile("intent", "typos", Distribution.OUT_OF_DISTRIBUTION);

    @Test
    void shouldMakeAProbeOfEveryLine() throws IOException {
        // Given
        String text = GOOD + "\n" + GOOD.replace("\"1\"", "\"2\"") + "\n";

        // When
        List<ProbeExample> probes = read(text);

        // Then
        assertThat(probes).extracting(ProbeExample::key).containsExactly("intent/typos/1", "intent/typos/2");
        assertThat(probes).allSatisfy(probe -> {
            assertThat(probe.distribution()).isEqualTo(Distribution.OUT_OF_DISTRIBUTION);
            assertThat(probe.example().label()).isEqualTo("greeting");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"text": "hello", "label": "greeting"}             | line 2: id must be a text, got nothing
                    {"id": "2", "text": " ", "label": "greeting"}      | line 2: text must be a text, got " "
                    {"id": "2", "text": "hello"}                       | line 2: label must be a text, got nothing
                    {"id": "1", "text": "hello", "label": "greeting"}  | line 2: id must be unique in a probe set, got "1" again
                    null                                               | line 2 must be an example as a JSON object, got null
                    {"id":                                             | line 2 must be an example as a JSON object: Unexpected end-of-input
                    """)
    void shouldNameTheLineThatIsNoExample(String line, String message) {
        // Given
        String text = GOOD + "\n" + line + "\n";

        // When
        var thrown = assertThatThrownBy(() -> read(text));

        // Then
        thrown.isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("probes.jsonl " + message);
    }

    @Test
    void shouldNotKeepMoreThanFitsIntoMemory() throws IOException {
        // Given
        var in = new ByteArrayInputStream(GOOD.getBytes(StandardCharsets.UTF_8));

        // When
        var thrown = assertThatThrownBy(() -> probeFile.read(ByteLines.of("probes.jsonl", in), new MemoryBudget(100)));

        // Then
        thrown.hasMessageStartingWith("probes.jsonl line 1: what is kept in memory up to here takes more than the 100");
    }

    private List<ProbeExample> read(String text) throws IOException {
        var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return probeFile.read(ByteLines.of("probes.jsonl", in));
    }
}
