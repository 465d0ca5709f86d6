package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.Json;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class ArrivalTest {

    @Test
    void shouldReadAnAcceptedExample() {
        // Given
        LabelledExample example = Sentiments.example(7);
        String json = Json.write(new AcceptedExample(example, new Origin("examples", 0, 9, 1_000)));

        // When / Then
        assertThat(arrival(json).example(Sentiments.TASK)).contains(example);
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
                "{\"example\":{\"id\":\"1\",\"text\":\"t\",\"label\":\"neutral\"},\"origin\":{\"topic\":\"t\",\"partition\":0,\"offset\":0,\"timestampMs\":0}}",
                "{\"example\":{\"id\":\"1\",\"text\":\"t\",\"label\":\"positive\",\"weight\":\"x\"},\"origin\":{\"topic\":\"t\",\"partition\":0,\"offset\":0,\"timestampMs\":0}}",
            })
    void shouldFindNoExampleInAnythingElse(String json) {
        // When / Then
        assertThat(arrival(json).example(Sentiments.TASK)).isEmpty();
    }

    private static Arrival arrival(String json) {
        return new Arrival(3, json == null ? null : json.getBytes(StandardCharsets.UTF_8));
    }
}
