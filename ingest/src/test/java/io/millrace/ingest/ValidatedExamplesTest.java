package io.millrace.ingest;

import static io.millrace.ingest.Tasks.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Origin;
import org.junit.jupiter.api.Test;

class ValidatedExamplesTest {

    private static final Validation RESULT = new Validation.Accepted(Tasks.example("1", "text", "good"));

    private final ValidatedExamples validated = new ValidatedExamples();

    @Test
    void shouldGiveAResultOnce() {
        // Given
        validated.put(at(1), bytes("mood"), bytes("{}"), RESULT);

        // Then
        assertThat(validated.take(at(1), bytes("mood"), bytes("{}"))).containsSame(RESULT);
        assertThat(validated.take(at(1), bytes("mood"), bytes("{}"))).isEmpty();
    }

    @Test
    void shouldNotGiveTheResultOfAnotherRecordOfTheSameOrigin() {
        // Given: as from two sources on one topic, or a topic that was deleted and made anew
        validated.put(at(1), bytes("mood"), bytes("{}"), RESULT);
        validated.put(at(2), bytes("mood"), bytes("{}"), RESULT);

        // Then
        assertThat(validated.take(at(1), bytes("intent"), bytes("{}"))).isEmpty();
        assertThat(validated.take(at(2), bytes("mood"), bytes("{ }"))).isEmpty();
    }

    @Test
    void shouldForgetTheOldestBeyondItsBound() {
        // Given
        byte[] half = new byte[ValidatedExamples.MAX_BYTES / 2];

        // When
        validated.put(at(1), bytes("mood"), half, RESULT);
        validated.put(at(1), bytes("mood"), half, RESULT);
        validated.put(at(2), bytes("mood"), bytes("{}"), RESULT);
        validated.put(at(3), bytes("mood"), half, RESULT);

        // Then
        assertThat(validated.take(at(1), bytes("mood"), half)).isEmpty();
        assertThat(validated.take(at(2), bytes("mood"), bytes("{}"))).isPresent();
        assertThat(validated.take(at(3), bytes("mood"), half)).isPresent();
    }

    private static Origin at(long offset) {
        return new Origin("examples", 0, offset, 0);
    }
}
