package io.millrace.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleConfigTest {

    @ParameterizedTest
    @CsvSource({"1, 0.1", "5, 0.5", "10, 1", "11, 1", "1000000, 1"})
    void shouldWarmUpThenStay(long step, double factor) {
        // When / Then
        assertThat(new ScheduleConfig(10, 0).factor(step)).isCloseTo(factor, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"1, 0.1", "10, 1", "20, 0.75", "49, 0.025", "50, 0", "51, 0"})
    void shouldWarmUpThenFallToNothing(long step, double factor) {
        // When / Then
        assertThat(new ScheduleConfig(10, 50).factor(step)).isCloseTo(factor, within(1e-12));
    }

    @Test
    void shouldBeginAtThePeakWithoutAWarmUp() {
        // When / Then
        assertThat(new ScheduleConfig(0, 0).factor(1)).isEqualTo(1);
    }
}
