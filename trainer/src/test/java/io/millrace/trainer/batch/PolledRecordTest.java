package io.millrace.trainer.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Origin;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.json.Json;
import io.millrace.trainer.Sentiments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class PolledRecordTest {

    @Test
    void shouldReadAnAcceptedExample() {
        // Given
        LabelledExample example = Sentiments.example(7);
        String json = Json.write(new AcceptedExample(example, new Origin("examples", 0, 9, 1_000)));

        // When / Then
        assertThat(polled(json).example(Sentiments.TASK.kind())).contains(example);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "null",
                "{",
                "[]",
                "{}",
                "{\"example\":null}",
                "{\"example\":{\"id\":\"1\",\"text\":\"t\"},\"origin\":{\"topic\":\"t\",\"partition\":0,\"offset\":0,\"timestampMs\":0}}",
                "{\"example\":{\"id\":\"1\",\"label\":\"positive\"},\"origin\":{\"topic\":\"t\",\"partition\":0,\"offset\":0,\"timestampMs\":0}}",
                "{\"example\":{\"id\":\"1\",\"text\":\"t\",\"label\":\"positive\",\"weight\":\"x\"},\"origin\":{\"topic\":\"t\",\"partition\":0,\"offset\":0,\"timestampMs\":0}}",
            })
    void shouldFindNoExampleInAnythingElse(String json) {
        // When / Then
        assertThat(polled(json).example(Sentiments.TASK.kind())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "SINGLE, false, positive, true",
        "SINGLE, true, positive, false",
        "SINGLE, false, 3.5, true",
        "PAIR, true, positive, true",
        "PAIR, false, positive, false",
        "REGRESSION, false, 3.5, true",
        "REGRESSION, false, positive, false",
        "REGRESSION, true, 3.5, false",
        "PAIR_REGRESSION, true, -1e3, true",
        "PAIR_REGRESSION, false, 3.5, false"
    })
    void shouldFindOnlyExamplesThatATaskOfTheKindCanHave(TaskKind kind, boolean pair, String label, boolean found) {
        // Given
        LabelledExample example = new LabelledExample("1", "one", pair ? "other" : null, label, null, null, null);
        String json = Json.write(new AcceptedExample(example, new Origin("examples", 0, 9, 1_000)));

        // When / Then
        assertThat(polled(json).example(kind).isPresent()).isEqualTo(found);
    }

    @Test
    void shouldReadAnUnlabelledText() {
        // When / Then
        assertThat(polled("{\"id\":\"1\",\"text\":\"word\"}").text()).contains(new UnlabelledText("1", "word"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "null", "{", "[]", "{}", "{\"id\":\"1\"}", "{\"id\":\"1\",\"text\":\" \\n\"}"})
    void shouldFindNoTextInAnythingElse(String json) {
        // When / Then
        assertThat(polled(json).text()).isEmpty();
    }

    private static PolledRecord polled(String json) {
        return new PolledRecord(3, json == null ? null : json.getBytes(StandardCharsets.UTF_8));
    }
}
