package io.millrace.ingest.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;

class LineCheckTest {

    private static final String GOOD = "{\"id\": \"1\", \"text\": \"a\", \"label\": \"bad\"}";

    private final LineCheck ofTask =
            LineCheck.examples(new Task("mood", TaskKind.SINGLE, List.of("bad", "good"), 10), 60);

    @Test
    void shouldSayNothingOfAGoodExample() {
        assertThat(fault(ofTask, GOOD)).isEmpty();
        assertThat(fault(LineCheck.examples(), GOOD)).isEmpty();
        assertThat(fault(LineCheck.examples(), GOOD.replace("\"bad\"", "3"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a9;\"a film; with quotes\";bad",
                "[" + GOOD + "]",
                "[",
                GOOD + GOOD,
                "{\"key\": \"1\", \"sentence\": \"a\", \"class\": \"bad\"}",
                "{\"id\": \"1\", \"text\": \"a\"}",
                "{\"id\": \"1\", \"text\": \"a\", \"label\": \"bad\", \"label\": \"good\"}",
                "{\"id\": \"1\", \"text\": \"\u200B\", \"label\": \"bad\"}"
            })
    void shouldFindWithoutTheTaskWhatNoTaskAccepts(String line) {
        assertThat(fault(LineCheck.examples(), line)).isPresent();
        assertThat(fault(ofTask, line)).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"id": "1", "text": "a", "label": "Bad"}                  | label: expected one of the 2 labels of task mood
                    {"id": "1", "text": "a", "label": "bad "}                 | label: expected one of the 2 labels of task mood
                    {"id": "1", "text": "a", "label": 1}                      | label: expected a string, got JSON type number
                    {"id": "1", "text": "12345678901", "label": "bad"}        | text: expected at most 10 characters, got 11
                    {"id": "1", "text": "a", "label": "bad", "more": "123456789"} | expected at most 60 bytes, got
                    """)
    void shouldFindWithTheTaskWhatItDoesNotAccept(String line, String fault) {
        assertThat(fault(ofTask, line).orElseThrow()).startsWith(fault);
    }

    @Test
    void shouldSayWhatAFileOfAnotherKindIs() {
        assertThat(fault(ofTask, "[" + GOOD + "]").orElseThrow())
                .isEqualTo(
                        "expected one JSON object, got JSON type array. This looks like a JSON array: give one object per line, as"
                                + " jq -c '.[]' FILE prints them");
        assertThat(fault(ofTask, "id,text,label").orElseThrow())
                .startsWith("expected one JSON object, got what is no JSON at character ")
                .contains(". Is this a file of JSON lines? Give one object per line, as {\"id\": \"1\",");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"id": "1", "text": " "} | text: expected a text, got none
                    {"text": "a"}            | id: expected a string that is not blank, got none
                    null                     | expected one JSON object
                    a text                   | expected one JSON object
                    """)
    void shouldFindATextThatIsNone(String line, String fault) {
        assertThat(fault(LineCheck.texts(), line).orElseThrow()).startsWith(fault);
        assertThat(fault(LineCheck.texts(), "{\"id\": \"1\", \"text\": \"a\", \"label\": 1}"))
                .isEmpty();
    }

    private static Optional<String> fault(LineCheck check, String line) {
        return check.fault(line.getBytes(UTF_8)).map(LineFault::detail);
    }
}
