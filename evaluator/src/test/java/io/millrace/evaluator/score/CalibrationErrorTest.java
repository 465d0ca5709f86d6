package io.millrace.evaluator.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;

class CalibrationErrorTest {

    @Test
    void shouldWeighEachBinByItsExamples() {
        // Given: 0.95 and 0.99 share the bin (14/15, 1]: accuracy 1/2, confidence 0.97; 0.5 lies alone, wrong
        List<ScoredExample> examples = List.of(right(0.95), wrong(0.99), wrong(0.5));

        // When
        double error = CalibrationError.of(examples);

        // Then: 2/3 * 0.47 + 1/3 * 0.5
        assertThat(error).isCloseTo(0.48, within(1e-12));
    }

    @Test
    void shouldCancelWithinABinButNotAcrossBins() {
        // Given: both bins are off by 0.4, one up and one down
        List<ScoredExample> examples = List.of(right(0.6), wrong(0.4));

        // When
        double error = CalibrationError.of(examples);

        // Then
        assertThat(error).isCloseTo(0.4, within(1e-12));
    }

    @Test
    void shouldTakeTheEdgesOfTheRangeIntoTheOuterBins() {
        // Given
        List<ScoredExample> examples = List.of(wrong(0), right(1), right(1.0000001));

        // When
        double error = CalibrationError.of(examples);

        // Then
        assertThat(error).isCloseTo(0, within(1e-6));
    }

    @Test
    void shouldCloseBinsAtTheirUpperEdge() {
        // Given: 0.2 = 3/15 is the upper edge of the third bin, which 0.15 lies in too
        List<ScoredExample> examples = List.of(right(0.2), wrong(0.15));

        // When
        double error = CalibrationError.of(examples);

        // Then: |1/2 - 0.175|; in two bins it would be (0.8 + 0.15) / 2
        assertThat(error).isCloseTo(0.325, within(1e-12));
    }

    private static ScoredExample right(double confidence) {
        return new ScoredExample("a", "a", confidence, confidence);
    }

    private static ScoredExample wrong(double confidence) {
        return new ScoredExample("b", "a", 1 - confidence, confidence);
    }
}
