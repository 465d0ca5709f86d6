package io.millrace.trainer.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.trainer.learner.StepClock.Part;
import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;

class StepTimesTest {

    private final AtomicLong clock = new AtomicLong(1_000);
    private final StepTimes times = new StepTimes(clock::get);

    @Test
    void shouldGiveThePartTheTimeSinceThePreviousOne() {
        // When
        lap(5, Part.OTHER);
        lap(30, Part.FORWARD);
        lap(7, Part.OTHER);

        // Then
        assertThat(times.nanos())
                .containsEntry(Part.FORWARD, 30L)
                .containsEntry(Part.OTHER, 12L)
                .containsEntry(Part.REFERENCE, 0L);
    }

    @Test
    void shouldForgetTheStepBefore() {
        // Given
        lap(30, Part.FORWARD);
        clock.addAndGet(1_000);

        // When
        times.start();
        lap(4, Part.BACKWARD);

        // Then
        assertThat(times.nanos()).containsEntry(Part.FORWARD, 0L).containsEntry(Part.BACKWARD, 4L);
    }

    private void lap(long nanos, Part part) {
        clock.addAndGet(nanos);
        times.lap(part);
    }
}
