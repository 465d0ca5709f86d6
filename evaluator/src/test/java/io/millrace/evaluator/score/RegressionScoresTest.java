package io.millrace.evaluator.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class RegressionScoresTest {

    @Test
    void shouldTakeTheShareOfPredictionsWithinTheToleranceAsAccuracy() {
        // Given
        List<ScoredNumber> examples = List.of(scored(3, 3.5), scored(3, 2.25), scored(-1, -1.5));

        // When
        double accuracy = RegressionScores.accuracy(examples);

        // Then
        assertThat(accuracy).isEqualTo(2.0 / 3.0);
    }

    @Test
    void shouldGiveTheMeanOfSquaredErrors() {
        // Given
        List<ScoredNumber> examples = List.of(scored(1, 3), scored(-2, -2.5), scored(0, 0));

        // When
        double error = RegressionScores.meanSquaredError(examples);

        // Then
        assertThat(error).isEqualTo(4.25 / 3.0);
    }

    @Test
    void shouldGivePearsonsCorrelation() {
        // Given: label differences from 2 are -1, 0, 1; prediction differences from 3 are -2, 1, 1
        List<ScoredNumber> examples = scored(new double[] {1, 2, 3}, new double[] {1, 4, 4});

        // When
        double correlation = RegressionScores.pearson(examples).orElseThrow();

        // Then: 3 / sqrt(2 * 6)
        assertThat(correlation).isCloseTo(0.866025404, within(1e-9));
    }

    @Test
    void shouldGiveACorrelationOfOneOrMinusOneOnALineWhateverItsScale() {
        // Given
        double[] labels = {0.1, 0.2, 0.7};
        double[] rising = {1e5 + 1, 1e5 + 2, 1e5 + 7};
        double[] falling = {-1e-9, -2e-9, -7e-9};

        // When / Then
        assertThat(RegressionScores.pearson(scored(labels, rising)).orElseThrow())
                .isCloseTo(1, within(1e-9))
                .isLessThanOrEqualTo(1);
        assertThat(RegressionScores.pearson(scored(labels, falling)).orElseThrow())
                .isCloseTo(-1, within(1e-9))
                .isGreaterThanOrEqualTo(-1);
    }

    @Test
    void shouldGiveNoCorrelationIfOneSideDoesNotVary() {
        // Given: the mean of these is not quite 0.1
        double[] same = {0.1, 0.1, 0.1};
        double[] varied = {1, 2, 3};

        // When / Then
        assertThat(RegressionScores.pearson(scored(same, varied))).isEmpty();
        assertThat(RegressionScores.pearson(scored(varied, same))).isEmpty();
        assertThat(RegressionScores.pearson(scored(new double[] {1}, new double[] {2})))
                .isEmpty();
    }

    @Test
    void shouldGiveNoCorrelationWhereSquaresUnderflow() {
        assertThat(RegressionScores.pearson(scored(new double[] {0, 1e-300}, new double[] {1, 2})))
                .isEmpty();
    }

    private static List<ScoredNumber> scored(double[] labels, double[] predictions) {
        return IntStream.range(0, labels.length)
                .mapToObj(i -> scored(labels[i], predictions[i]))
                .toList();
    }

    private static ScoredNumber scored(double label, double predicted) {
        return new ScoredNumber(label, predicted, 0.5);
    }
}
