package io.millrace.compare.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The expected numbers are those of SciPy 1.17. */
class StatisticsTest {

    private static final double CLOSE = 1e-9;

    @Test
    void shouldGiveTheTIntervalOfAMean() {
        // When
        Estimate estimate = Estimate.of(List.of(1.0, 2.0, 4.0));

        // Then
        assertThat(estimate.mean()).isCloseTo(7 / 3.0, within(CLOSE));
        assertThat(estimate.halfWidth().getAsDouble()).isCloseTo(3.7945830335967594, within(CLOSE));
    }

    @Test
    void shouldGiveNoIntervalOfOneValue() {
        assertThat(Estimate.of(List.of(0.5))).isEqualTo(new Estimate(0.5, OptionalDouble.empty(), 1));
    }

    @Test
    void shouldTestDifferencesPairedBySeed() {
        // Given
        Map<Long, Double> baseline = Map.of(1L, 0.70, 2L, 0.72, 3L, 0.69, 4L, 0.10);
        Map<Long, Double> method = Map.of(3L, 0.71, 1L, 0.74, 2L, 0.73, 5L, 0.90);

        // When
        PairedDifference difference = PairedDifference.between(baseline, method).orElseThrow();

        // Then
        assertThat(difference.difference().size()).isEqualTo(3);
        assertThat(difference.difference().mean()).isCloseTo(0.07 / 3, within(CLOSE));
        assertThat(difference.p().getAsDouble()).isCloseTo(0.11808289631180315, within(CLOSE));
    }

    @Test
    void shouldFindNoDifferenceBetweenEqualRuns() {
        // When
        Optional<PairedDifference> difference =
                PairedDifference.between(Map.of(1L, 0.7, 2L, 0.8), Map.of(1L, 0.7, 2L, 0.8));

        // Then
        assertThat(difference.orElseThrow().p()).hasValue(1);
    }

    @Test
    void shouldNotTestDifferencesThatAreTheSameWithEverySeed() {
        // Given
        Map<Long, Double> baseline = Map.of(1L, 0.7, 2L, 0.8, 3L, 0.9);
        Map<Long, Double> method = Map.of(1L, 0.71, 2L, 0.81, 3L, 0.91);

        // When
        Optional<PairedDifference> difference = PairedDifference.between(baseline, method);

        // Then
        assertThat(difference.orElseThrow().p()).isEmpty();
        assertThat(difference.orElseThrow().difference().size()).isEqualTo(3);
    }

    @Test
    void shouldNotTestASinglePair() {
        // When
        Optional<PairedDifference> difference = PairedDifference.between(Map.of(1L, 0.7), Map.of(1L, 0.8, 2L, 0.8));

        // Then
        assertThat(difference.orElseThrow().p()).isEmpty();
    }

    @Test
    void shouldNotCompareWithoutACommonSeed() {
        assertThat(PairedDifference.between(Map.of(1L, 0.7), Map.of(2L, 0.8))).isEmpty();
    }

    @Test
    void shouldCorrectForTheNumberOfComparisons() {
        // When
        List<Double> adjusted = Holm.adjust(List.of(0.04, 0.01, 0.03, 0.9));

        // Then
        assertThat(adjusted)
                .usingComparatorForType((a, b) -> Math.abs(a - b) < CLOSE ? 0 : Double.compare(a, b), Double.class)
                .containsExactly(0.09, 0.04, 0.09, 0.9);
    }

    @Test
    void shouldCorrectNothingWithoutComparisons() {
        assertThat(Holm.adjust(List.of())).isEmpty();
    }

    @Test
    void shouldGiveTheMedianOfEvenAndOddNumbers() {
        assertThat(Median.of(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Median.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
    }

    @Test
    void shouldGiveTheShareOfVarianceExplained() {
        // Given
        double[] labels = {1, 2, 3};

        // When / Then
        assertThat(RSquared.of(labels, new double[] {1, 2, 3})).isEqualTo(1);
        assertThat(RSquared.of(labels, new double[] {2, 2, 2})).isZero();
    }
}
