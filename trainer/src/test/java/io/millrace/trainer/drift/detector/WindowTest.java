package io.millrace.trainer.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WindowTest {

    private final Window window = new Window(3);

    @Test
    void shouldTakeTheMeanOfTheNewest() {
        // When
        for (double value : new double[] {9, 0.1, 0.2, 0.6}) {
            window.add(value);
        }

        // Then
        assertThat(window.mean()).isCloseTo(0.3, within(1e-9));
        assertThat(window.meanOfNewest(2)).isCloseTo(0.4, within(1e-9));
        assertThat(window.meanOfNewest(100)).isCloseTo(0.3, within(1e-9));
        assertThat(window.ago(0)).isEqualTo(0.6);
        assertThat(window.ago(2)).isEqualTo(0.1);
        assertThat(window.count()).isEqualTo(3);
    }

    @Test
    void shouldHaveNoMeanWithoutNumbers() {
        // Given
        window.add(1);

        // When
        window.clear();

        // Then
        assertThat(window.mean()).isNaN();
        assertThat(window.count()).isZero();
    }

    @Test
    void shouldNotLosePrecisionOnALongStream() {
        // When
        for (int i = 0; i < 1_000_000; i++) {
            window.add(i % 7 / 7.0);
        }
        window.add(0.25);
        window.add(0.25);
        window.add(0.25);

        // Then
        assertThat(window.mean()).isEqualTo(0.25);
    }
}
