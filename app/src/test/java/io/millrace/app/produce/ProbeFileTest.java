package io.millrace.app.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingest.file.ByteLines;
import io.millrace.ingest.file.MemoryBudget;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

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
                    {"text": "hello", "label": "greeting"}             | line 2: id: expected a string that is not blank, got none
                    {"id": "2", "text": " ", "label": "greeting"}      | line 2: text: expected a text, got nothing that can be seen
                    {"id": "2", "text": "hello"}                       | line 2: label: expected a label, got none
                    {"id": "2", "text": "hello", "label": "greeting "} | line 2: label: expected one without spaces around it, got "greeting "
                    {"id": "2", "text": "a", "label": "b", "label": "c"} | line 2: expected every field once, got "label" twice
                    ["greeting"]                                       | line 2: expected one JSON object, got JSON type array. This looks like a JSON array
                    2;hello;greeting                                   | line 2: expected one JSON object, got what is no JSON at character 2. Is this a file of JSON lines?
                    {"id": "1", "text": "hello", "label": "greeting"}  | line 2: id must be unique in a probe set, got "1" again
                    null                                               | line 2: expected one JSON object, got JSON type null
                    {"id":                                             | line 2: expected one JSON object, got one that is cut short
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
        var thrown = assertThatThrownBy(
                () -> probeFile.read(ByteLines.of("probes.jsonl", in), Optional.empty(), new MemoryBudget(100)));

        // Then
        thrown.hasMessageStartingWith("probes.jsonl line 1: what is kept in memory up to here takes more than the 100");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    SINGLE     | {"id": "2", "text": "a", "label": "greeting "}               | label: expected one without spaces around it
                    SINGLE     | {"id": "2", "text": "a", "textPair": "b", "label": "thanks"} | textPair: expected none
                    SINGLE     | {"id": "2", "text": "a", "label": 1}                         | label: expected a string
                    SINGLE     | {"id": "2", "text": "12345678901", "label": "thanks"}        | text: expected at most 10 characters, got 11
                    PAIR       | {"id": "2", "text": "a", "label": "thanks"}                  | textPair: expected the second text
                    REGRESSION | {"id": "2", "text": "a", "label": "thanks"}                  | label: expected a number
                    """)
    void shouldRefuseWhatTheTaskCannotScore(TaskKind kind, String line, String message) {
        // Given
        List<String> labels = kind.isRegression() ? List.of() : List.of("greeting", "thanks");
        Task task = new Task("intent", kind, labels, 10);

        // When
        var thrown = assertThatThrownBy(() -> read(line, Optional.of(task)));

        // Then
        thrown.isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("probes.jsonl line 1: " + message);
    }

    @Test
    void shouldTakeNumbersAsLabelsOfARegressionWithAndWithoutTheTask() throws IOException {
        // Given
        String line = "{\"id\": \"1\", \"text\": \"a\", \"label\": 3}\n";
        Task task = new Task("intent", TaskKind.REGRESSION, List.of(), 10);

        // When / Then
        assertThat(read(line, Optional.of(task)))
                .isEqualTo(read(line, Optional.empty()))
                .extracting(probe -> probe.example().label())
                .containsExactly("3.0");
    }

    /** As {@code non-entailment} of HANS for a model of three classes. */
    @Test
    void shouldTakeALabelThatTheTaskDoesNotList() throws IOException {
        // Given
        Task task = new Task("intent", TaskKind.SINGLE, List.of("thanks", "bye"), 10);

        // When / Then
        assertThat(read(GOOD, Optional.of(task))).hasSize(1);
    }

    @Test
    void shouldPassOverAByteOrderMark() throws IOException {
        assertThat(read("\uFEFF" + GOOD + "\n")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "", " ", " a", "a ", "a\u0007", "a\u202Eb"})
    void shouldRefuseANameThatIsNone(String name) {
        assertThatThrownBy(() -> new ProbeFile("intent", name, Distribution.IN_DISTRIBUTION))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("probeSet must ");
    }

    private List<ProbeExample> read(String text) throws IOException {
        return read(text, Optional.empty());
    }

    private List<ProbeExample> read(String text, Optional<Task> task) throws IOException {
        var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return probeFile.read(ByteLines.of("probes.jsonl", in), task);
    }
}
