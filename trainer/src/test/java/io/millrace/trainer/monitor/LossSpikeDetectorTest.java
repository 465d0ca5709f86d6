package io.millrace.trainer.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.trainer.config.RollbackConfig;
import org.junit.jupiter.api.Test;

class LossSpikeDetectorTest {

    private static final double GUESSING = Math.log(2);

    @Test
    void shouldSpeakUpOnceTheMeanExceedsTheFactor() {
        // Given
        LossSpikeDetector watch = new LossSpikeDetector(new RollbackConfig(2.0, 3));

        // When / Then
        assertThat(watch.add(5 * GUESSING, 2)).as("too few steps").isFalse();
        assertThat(watch.add(GUESSING / 2, 2)).isFalse();
        assertThat(watch.add(GUESSING / 3, 2)).as("a mean below").isFalse();
        assertThat(watch.add(6 * GUESSING, 2)).as("a mean above").isTrue();
    }

    @Test
    void shouldStaySilentByDefaultAndForRegressions() {
        assertThat(new LossSpikeDetector(new RollbackConfig(null, 1)).add(1e9, 2))
                .isFalse();
        assertThat(new LossSpikeDetector(new RollbackConfig(1.0, 1)).add(1e9, 0))
                .isFalse();
    }
}
