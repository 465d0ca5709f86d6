package io.millrace.ingest;

import static io.millrace.ingest.Tasks.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.Validation.Rejected;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** How bytes become an example, and in which words it is told that they do not. */
class ExampleJsonTest {

    private static final Task MOOD = new Task("mood", TaskKind.SINGLE, List.of("bad", "good"), 2000);

    /** Names of the library's classes, settings and notions. */
    private static final String LIBRARY_WORDS =
            "(?i).*(jackson|fasterxml|FAIL_ON|ObjectNode|JsonNode|mapper|Feature|Constraints|token|`|\\(class|java\\.).*";

    @Test
    void shouldJudgeAwkwardLinesInOurOwnWords() throws IOException {
        // Given
        List<byte[]> lines = lines("awkward.jsonl");

        // When
        List<Validation> judged = lines.stream()
                .map(line -> ExampleValidator.validate(MOOD, line))
                .toList();

        // Then
        List<String> details = judged.stream()
                .flatMap(validation -> validation.rejected().stream())
                .map(Rejected::detail)
                .toList();
        assertThat(judged).hasSize(28);
        assertThat(details).hasSize(20).noneMatch(detail -> detail.matches(LIBRARY_WORDS));
    }

    @ParameterizedTest
    @MethodSource("io.millrace.ingest.Rejectable#all")
    void shouldNeverSpeakInTheWordsOfALibrary(Rejectable record) {
        // When
        Validation validation = new ExampleValidator(Tasks.registry(), Rejectable.MAX_RECORD_BYTES)
                .validate(record.key(), record.value());

        // Then
        assertThat(validation.rejected().orElseThrow().detail())
                .doesNotMatch(LIBRARY_WORDS)
                .matches("(?s)(key|value|id|text|textPair|label|eventTime|weight|attributes).*: expected .+, got .+");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {"id":"1","label":"bad","label":"good"}             | every field once, got "label" twice
            {"id":"1","attributes":{"a":"1","b":"","a":"2"}}    | every field once, got "a" twice
            {"id":"1"}{"id":"2"}                                | one JSON object, got more behind it, at character 11
            {'id':'1'}                                          | one JSON object, got what is no JSON at character 2
            {"id":"1"                                           | one JSON object, got one that is cut short
            `                                                  `| one JSON object, got nothing
            [{"id":"1"}]                                        | one JSON object, got JSON type array
            {"id":1}                                            | a string, got JSON type number
            """)
    void shouldSayWhatIsWrong(String value, String expected) {
        // When
        Validation validation = ExampleValidator.validate(MOOD, bytes(value));

        // Then
        assertThat(validation.rejected().orElseThrow().detail()).endsWith("expected " + expected);
    }

    @Test
    void shouldSayWhatToDoAboutALabelThatIsANumber() {
        // When
        Validation validation = ExampleValidator.validate(MOOD, bytes("{\"id\":\"1\",\"text\":\"t\",\"label\":1}"));

        // Then
        assertThat(validation.rejected().orElseThrow().detail())
                .isEqualTo("label: expected a string, got JSON type number."
                        + " Write the label as the configuration does, in quotation marks");
    }

    @Test
    void shouldPassOverAByteOrderMark() {
        // When
        Validation validation =
                ExampleValidator.validate(MOOD, bytes("\uFEFF{\"id\":\"1\",\"text\":\"t\",\"label\":\"bad\"}"));

        // Then
        assertThat(validation.accepted()).isPresent();
    }

    @Test
    void shouldReadAnExampleWithoutATask() {
        // When
        Validation unlabelled = ExampleValidator.validateForm(bytes("{\"id\":\"1\",\"text\":\" a  b\"}"), false);
        Validation number = ExampleValidator.validateForm(
                bytes("{\"id\":\"1\",\"text\":\"t\",\"textPair\":\"p\",\"label\":3}"), true);
        Validation name =
                ExampleValidator.validateForm(bytes("{\"id\":\"1\",\"text\":\"t\",\"label\":\"good\"}"), true);

        // Then
        assertThat(unlabelled.accepted().orElseThrow().example()).isEqualTo(Tasks.example("1", "a b", null));
        assertThat(number.accepted().orElseThrow().example().label()).isEqualTo("3.0");
        assertThat(name.rejected().orElseThrow().detail())
                .isEqualTo("label: expected a number, because labels are numbers here, got \"good\"");
    }

    /** Some of them are no UTF-8. */
    private static List<byte[]> lines(String resource) throws IOException {
        List<byte[]> lines = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream in = ExampleJsonTest.class.getResourceAsStream(resource)) {
            for (int read = in.read(); read >= 0; read = in.read()) {
                if (read == '\n') {
                    lines.add(line.toByteArray());
                    line.reset();
                } else {
                    line.write(read);
                }
            }
        }
        return lines;
    }
}
