package io.millrace.evaluator.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.schemas.FreshComparison;
import io.millrace.schemas.FreshExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class EProcessTest {

    private static final OffsetRange OFFSETS = new OffsetRange(0, 10, 20);
    private static final double ALPHA = 0.05;

    @Test
    void shouldBeTheMeanOverTheRates() {
        // Given: x = 1, 0, -1, 1 with guesses 0, 1, 1/2, 0
        FreshComparison comparison = after(null, new int[] {1, 0, -1, 1});

        // Then
        assertThat(comparison.lead()).isEqualTo(1);
        assertThat(comparison.variance()).isEqualTo(1 + 1 + 2.25 + 1, within(1e-12));
        double sum = 0;
        for (int power = 2; power <= 9; power++) {
            double rate = Math.pow(2, -power);
            double psi = (-Math.log(1 - 2 * rate) - 2 * rate) / 4;
            sum += Math.exp(rate * 1 - psi * 5.25);
        }
        assertThat(EProcess.logEvidence(comparison)).isEqualTo(Math.log(sum / 8), within(1e-12));
    }

    @Test
    void shouldBeTheSameHoweverTheExamplesAreCutIntoCheckpoints() {
        // Given
        int[] x = {1, -1, 0, 0, 1, 1, 0, -1, 1, 0};

        // When
        FreshComparison inTwo = after(after(null, Arrays.copyOf(x, 3)), Arrays.copyOfRange(x, 3, 10));

        // Then
        assertThat(inTwo).isEqualTo(after(null, x));
    }

    @Test
    void shouldNotOverflowOnAnEndlessLead() {
        // Given
        FreshComparison comparison = new FreshComparison("c", 1_000_000_000, 900_000_000, 0, 1e8, OFFSETS);

        // Then
        assertThat(EProcess.logEvidence(comparison)).isFinite().isGreaterThan(1e6);
    }

    @Test
    void shouldSeldomFindTrainingBetterThatIsNot() {
        // Given: no edge, 10 % churn, a look after every 64 of 10,240 examples
        SplittableRandom random = new SplittableRandom(1);
        int crossed = 0;

        // When
        for (int run = 0; run < 1_000; run++) {
            crossed += examplesUntil(random, 0.05, 0.05, 10_240) > 0 ? 1 : 0;
        }

        // Then: at most alpha is proven, 0.6 % was simulated for the grid
        assertThat(crossed).isLessThanOrEqualTo((int) (1_000 * ALPHA)).isBetween(1, 20);
    }

    @Test
    void shouldFindTrainingBetterWithinThePredictedNumberOfExamples() {
        // Given: an edge of 5 points at 10 % churn, median 585 by simulation elsewhere
        SplittableRandom random = new SplittableRandom(1);

        // When
        int[] until = IntStream.range(0, 401)
                .map(run -> examplesUntil(random, 0.075, 0.025, 10_240))
                .sorted()
                .toArray();

        // Then
        assertThat(until[0]).isPositive();
        assertThat(until[200]).isBetween(500, 700);
    }

    /** Examples until the evidence is 1/alpha, looking after every 64; 0 if it never is. */
    private static int examplesUntil(SplittableRandom random, double gains, double losses, int atMost) {
        FreshComparison comparison = null;
        for (int seen = 0; seen < atMost; seen += 64) {
            comparison = after(comparison, draw(random, gains, losses, 64));
            if (EProcess.logEvidence(comparison) >= -Math.log(ALPHA)) {
                return seen + 64;
            }
        }
        return 0;
    }

    private static int[] draw(SplittableRandom random, double gains, double losses, int count) {
        return IntStream.range(0, count)
                .map(i -> {
                    double draw = random.nextDouble();
                    return draw < gains ? 1 : draw < gains + losses ? -1 : 0;
                })
                .toArray();
    }

    private static FreshComparison after(FreshComparison before, int[] x) {
        LabelledExample example = new LabelledExample("1", "a", null, "b", null, null, null);
        List<FreshExample> live = Arrays.stream(x)
                .mapToObj(one -> new FreshExample(example, one >= 0))
                .toList();
        boolean[] champion = new boolean[x.length];
        for (int i = 0; i < x.length; i++) {
            champion[i] = x[i] <= 0;
        }
        return EProcess.after(before, "checkpoint-000100", live, champion, OFFSETS);
    }
}
