package io.millrace.trainer.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

class EDetectorTest {

    private static final long EXPECTED = 300;
    private static final int RUNS = 200;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(7);

    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.1, 0.5, 0.9})
    void shouldRunAtLeastTheExpectedLengthAtTheToleratedLevel(double tolerated) {
        // When: errors at the very level that is tolerated, the worst case of the theorem
        double mean = meanRun(false, tolerated, () -> random.nextDouble() < tolerated ? 1 : 0);

        // Then
        assertThat(mean).isGreaterThan(EXPECTED);
    }

    @Test
    void shouldRunAtLeastTheExpectedLengthWhenScoresDependOnEachOther() {
        // Given: the mean given the past is 0.3 at each step, but how scores spread depends on the last one
        double[] last = {0.3};

        // When
        double mean = meanRun(false, 0.3, () -> {
            double spread = last[0] > 0.3 ? 0.3 : 0.05;
            last[0] = 0.3 + (random.nextBoolean() ? spread : -spread);
            return last[0];
        });

        // Then
        assertThat(mean).isGreaterThan(EXPECTED);
    }

    @Test
    void shouldRunAtLeastTheExpectedLengthOnBothSides() {
        // When
        double mean = meanRun(true, 0.5, random::nextDouble);

        // Then
        assertThat(mean).isGreaterThan(EXPECTED);
    }

    private static double meanRun(boolean isTwoSided, double tolerated, DoubleSupplier scores) {
        long total = 0;
        for (int run = 0; run < RUNS; run++) {
            EDetector detector = new EDetector(EXPECTED, isTwoSided);
            boolean isAlarm = false;
            for (int i = 0; i < 100 * EXPECTED && !isAlarm; i++) {
                isAlarm = detector.add(new Scored(scores.getAsDouble(), tolerated, 0), i);
                total++;
            }
        }
        return total / (double) RUNS;
    }

    @Test
    void shouldSeeARiseSoonAndSayWhereItBegan() {
        // Given
        EDetector detector = new EDetector(10_000, false);
        for (int offset = 0; offset < 1_000; offset++) {
            detector.add(error(0.1), offset);
        }

        // When
        int offset = 1_000;
        while (!detector.add(error(0.6), offset)) {
            offset++;
        }

        // Then
        assertThat(offset).isLessThan(1_060);
        assertThat(detector.began().first()).isBetween(980L, 1_010L);
        assertThat(detector.began().next()).isGreaterThan(detector.began().first());
        assertThat(detector.began().examples()).isBetween(1L, 80L);
        assertThat(detector.evidence()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void shouldSeeAFallOnTwoSidesOnly() {
        // Given
        EDetector upwards = new EDetector(1_000, false);
        EDetector both = new EDetector(1_000, true);

        // When
        boolean seenUpwards = false;
        boolean seen = false;
        for (int offset = 0; offset < 200; offset++) {
            Scored low = new Scored(0.1, 0.5, 0.05);
            seenUpwards |= upwards.add(low, offset);
            seen |= both.add(low, offset);
        }

        // Then
        assertThat(seenUpwards).isFalse();
        assertThat(seen).isTrue();
    }

    @Test
    void shouldNeverSeeDriftWhereEverythingIsTolerated() {
        // Given
        EDetector detector = new EDetector(2, false);

        // When / Then
        for (int offset = 0; offset < 1_000; offset++) {
            assertThat(detector.add(new Scored(1, 1, 0), offset)).isFalse();
        }
    }

    private Scored error(double probability) {
        return new Scored(random.nextDouble() < probability ? 1 : 0, 0.1, 0.05);
    }
}
