package io.millrace.evaluator.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class PearsonCorrelationTest {

    @Test
    void shouldGiveTheCorrelation() {
        // Given: label differences from 2 are -1, 0, 1; prediction differences from 3 are -2, 1, 1
        List<ScoredNumber> examples = scored(new double[] {1, 2, 3}, new double[] {1, 4, 4});

        // When
        double correlation = PearsonCorrelation.of(examples).orElseThrow();

        // Then: 3 / sqrt(2 * 6)
        assertThat(correlation).isCloseTo(0.866025404, within(1e-9));
    }

    @Test
    void shouldBeOneOrMinusOneOnALineWhateverItsScale() {
        // Given
        double[] labels = {0.1, 0.2, 0.7};
        double[] rising = {1e5 + 1, 1e5 + 2, 1e5 + 7};
        double[] falling = {-1e-9, -2e-9, -7e-9};

        // When / Then
        assertThat(PearsonCorrelation.of(scored(labels, rising)).orElseThrow())
                .isCloseTo(1, within(1e-9))
                .isLessThanOrEqualTo(1);
        assertThat(PearsonCorrelation.of(scored(labels, falling)).orElseThrow())
                .isCloseTo(-1, within(1e-9))
                .isGreaterThanOrEqualTo(-1);
    }

    @Test
    void shouldBeAbsentIfOneSideDoesNotVary() {
        // Given: the mean of these is not quite 0.1
        double[] same = {0.1, 0.1, 0.1};
        double[] varied = {1, 2, 3};

        // When / Then
        assertThat(PearsonCorrelation.of(scored(same, varied))).isEmpty();
        assertThat(PearsonCorrelation.of(scored(varied, same))).isEmpty();
        assertThat(PearsonCorrelation.of(scored(new double[] {1}, new double[] {2})))
                .isEmpty();
    }

    @Test
    void shouldBeAbsentWhereSquaresVanish() {
        assertThat(PearsonCorrelation.of(scored(new double[] {0, 1e-300}, new double[] {1, 2})))
                .isEmpty();
    }

    private static List<ScoredNumber> scored(double[] labels, double[] predictions) {
        return IntStream.range(0, labels.length)
                .mapToObj(i -> new ScoredNumber(labels[i], predictions[i]))
                .toList();
    }
}
