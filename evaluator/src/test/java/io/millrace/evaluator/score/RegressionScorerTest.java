package io.millrace.evaluator.score;

import static io.millrace.evaluator.EvaluatorFixtures.example;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeScore;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class RegressionScorerTest {

    @Test
    void shouldGiveEveryScoreOfAProbeSet() {
        // Given: off by 0.5, which is just right, by -1 and by 0
        ProbeSet probeSet = probeSet(example("1", "bad", "1"), example("2", "good", "4.0"), example("3", "so", "2.5"));
        RegressionScorer scorer = new RegressionScorer(0.5);

        // When
        ProbeScore score = scorer.score(probeSet, numbers(1.5f, 3, 2.5f)).score();

        // Then
        assertThat(score.probeSet()).isEqualTo(probeSet.reference());
        assertThat(score.accuracy()).isCloseTo(2.0 / 3.0, within(1e-12));
        assertThat(score.meanSquaredError()).isCloseTo(1.25 / 3.0, within(1e-12));
        // With the means 2.5 and 7/3: 2.25 / sqrt(4.5 * 7/6)
        assertThat(score.pearson()).isCloseTo(0.981980506, within(1e-9));
        assertThat(score.macroF1()).isNull();
        assertThat(score.negativeLogLikelihood()).isNull();
        assertThat(score.calibrationError()).isNull();
    }

    @Test
    void shouldGiveNoCorrelationOfPredictionsThatDoNotVary() {
        // Given
        ProbeSet probeSet = probeSet(example("1", "bad", "1"), example("2", "good", "4"));
        RegressionScorer scorer = new RegressionScorer(0.5);

        // When
        ProbeScore score = scorer.score(probeSet, numbers(0.1f, 0.1f)).score();

        // Then
        assertThat(score.accuracy()).isZero();
        assertThat(score.pearson()).isNull();
    }

    private static List<float[]> numbers(float... numbers) {
        return IntStream.range(0, numbers.length)
                .mapToObj(i -> new float[] {numbers[i]})
                .toList();
    }

    private static ProbeSet probeSet(LabelledExample... examples) {
        return ProbeSet.of("typos", Distribution.OUT_OF_DISTRIBUTION, List.of(examples));
    }
}
