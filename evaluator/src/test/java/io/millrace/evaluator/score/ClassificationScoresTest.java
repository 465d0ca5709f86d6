package io.millrace.evaluator.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;

class ClassificationScoresTest {

    @Test
    void shouldTakeTheShareOfRightPredictionsAsAccuracy() {
        // Given
        List<ScoredExample> examples = List.of(
                new ScoredExample("a", "a", 0.9, 0.9),
                new ScoredExample("a", "b", 0.2, 0.8),
                new ScoredExample("b", "b", 0.6, 0.6));

        // When
        double accuracy = ClassificationScores.accuracy(examples);

        // Then
        assertThat(accuracy).isEqualTo(2.0 / 3.0);
    }

    @Test
    void shouldWeighEveryLabelTheSameInMacroF1() {
        // Given: a has TP 2, FN 1, FP 0; b has TP 1, FN 0, FP 1
        List<ScoredExample> examples = List.of(scored("a", "a"), scored("a", "a"), scored("a", "b"), scored("b", "b"));

        // When
        double macroF1 = ClassificationScores.macroF1(examples);

        // Then: F1(a) = 4/5, F1(b) = 2/3
        assertThat(macroF1).isCloseTo((0.8 + 2.0 / 3.0) / 2, within(1e-12));
    }

    @Test
    void shouldCountALabelThatIsOnlyPredictedAsZeroInMacroF1() {
        // Given: a has TP 1, FN 1; c has FP 1 alone
        List<ScoredExample> examples = List.of(scored("a", "a"), scored("a", "c"));

        // When
        double macroF1 = ClassificationScores.macroF1(examples);

        // Then: F1(a) = 2/3, F1(c) = 0
        assertThat(macroF1).isCloseTo(1.0 / 3.0, within(1e-12));
    }

    @Test
    void shouldGiveAMacroF1OfOneForAModelThatIsAlwaysRight() {
        // Given
        List<ScoredExample> examples = List.of(scored("a", "a"), scored("b", "b"));

        // When
        double macroF1 = ClassificationScores.macroF1(examples);

        // Then
        assertThat(macroF1).isEqualTo(1.0);
    }

    private static ScoredExample scored(String label, String predicted) {
        return new ScoredExample(label, predicted, 0.5, 0.5);
    }

    @Test
    void shouldGiveTheMeanNegativeLogLikelihoodInNats() {
        // Given
        List<ScoredExample> examples =
                List.of(new ScoredExample("a", "a", 0.5, 0.5), new ScoredExample("a", "b", 0.25, 0.75));

        // When
        double nll = ClassificationScores.negativeLogLikelihood(examples);

        // Then: (ln 2 + ln 4) / 2 = 1.5 ln 2
        assertThat(nll).isCloseTo(1.0397207708399179, within(1e-12));
    }

    @Test
    void shouldUseTheFloorForAProbabilityOfZero() {
        // Given
        List<ScoredExample> examples = List.of(new ScoredExample("unknown", "a", 0, 1));

        // When
        double nll = ClassificationScores.negativeLogLikelihood(examples);

        // Then: 12 ln 10
        assertThat(nll).isCloseTo(27.631021115928547, within(1e-12));
    }

    @Test
    void shouldGiveANegativeLogLikelihoodOfZeroForACertainAndRightModel() {
        // Given
        List<ScoredExample> examples = List.of(new ScoredExample("a", "a", 1, 1));

        // When
        double nll = ClassificationScores.negativeLogLikelihood(examples);

        // Then
        assertThat(nll).isZero();
    }

    @Test
    void shouldWeighEachBinByItsExamplesInTheCalibrationError() {
        // Given: 0.95 and 0.99 share the bin (14/15, 1]: accuracy 1/2, confidence 0.97; 0.5 lies alone, wrong
        List<ScoredExample> examples = List.of(right(0.95), wrong(0.99), wrong(0.5));

        // When
        double error = ClassificationScores.calibrationError(examples);

        // Then: 2/3 * 0.47 + 1/3 * 0.5
        assertThat(error).isCloseTo(0.48, within(1e-12));
    }

    @Test
    void shouldCancelCalibrationErrorsWithinABinButNotAcrossBins() {
        // Given: both bins are off by 0.4, one up and one down
        List<ScoredExample> examples = List.of(right(0.6), wrong(0.4));

        // When
        double error = ClassificationScores.calibrationError(examples);

        // Then
        assertThat(error).isCloseTo(0.4, within(1e-12));
    }

    @Test
    void shouldTakeTheEdgesOfTheRangeIntoTheOuterBins() {
        // Given
        List<ScoredExample> examples = List.of(wrong(0), right(1), right(1.0000001));

        // When
        double error = ClassificationScores.calibrationError(examples);

        // Then
        assertThat(error).isCloseTo(0, within(1e-6));
    }

    @Test
    void shouldCloseBinsAtTheirUpperEdge() {
        // Given: 0.2 = 3/15 is the upper edge of the third bin, which 0.15 lies in too
        List<ScoredExample> examples = List.of(right(0.2), wrong(0.15));

        // When
        double error = ClassificationScores.calibrationError(examples);

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
