package io.millrace.trainer.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;

class NamedDetectorsTest {

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(11);

    static Stream<Supplier<ChangeDetector>> all() {
        return Stream.concat(calibrated(), Stream.of(Ddm::new, () -> new FallBelowBestWindow(100, 0.2)));
    }

    static Stream<Supplier<ChangeDetector>> calibrated() {
        return Stream.of(() -> new Adwin(1_000), () -> new PageHinkley(1_000, 0.05), () -> new EDetector(1_000, false));
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldSeeThatErrorsBecomeMoreFrequent(Supplier<ChangeDetector> made) {
        // Given
        ChangeDetector detector = made.get();
        for (int offset = 0; offset < 600; offset++) {
            detector.add(error(0.1), offset);
        }
        detector.began();

        // When
        int offset = 600;
        while (offset < 2_000 && !detector.add(error(0.6), offset)) {
            offset++;
        }

        // Then
        assertThat(offset).as(detector.rule()).isBetween(605, 850);
        assertThat(detector.evidence()).isGreaterThan(0.9);
        assertThat(detector.began().first()).as(detector.rule()).isBetween(480L, (long) offset);
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldNotTakeImprovementForDrift(Supplier<ChangeDetector> made) {
        // Given
        ChangeDetector detector = made.get();

        // When
        boolean isAlarm = false;
        for (int offset = 0; offset < 2_000; offset++) {
            double probability = offset < 1_000 ? 0.8 : 0.2;
            isAlarm |= detector.add(new Scored(random.nextDouble() < probability ? 1 : 0, 0.8, 0.05), offset)
                    && offset >= 1_000;
        }

        // Then
        assertThat(isAlarm).as(detector.rule()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("calibrated")
    void shouldRunAtLeastTheExpectedLengthOnIndependentErrors(Supplier<ChangeDetector> made) {
        // When
        long total = 0;
        for (int run = 0; run < 20; run++) {
            ChangeDetector detector = made.get();
            boolean isAlarm = false;
            for (int offset = 0; offset < 5_000 && !isAlarm; offset++) {
                isAlarm = detector.add(new Scored(random.nextDouble() < 0.2 ? 1 : 0, 0.2, 0), offset);
                total++;
            }
        }

        // Then
        assertThat(total / 20.0).as(made.get().rule()).isGreaterThan(1_000);
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldForgetEverythingOnReset(Supplier<ChangeDetector> made) {
        // Given
        ChangeDetector used = made.get();
        ChangeDetector fresh = made.get();
        for (int offset = 0; offset < 500; offset++) {
            used.add(error(offset < 250 ? 0.1 : 0.4), offset);
        }

        // When
        used.reset();

        // Then
        for (int offset = 500; offset < 1_000; offset++) {
            Scored next = error(0.3);
            assertThat(used.add(next, offset)).isEqualTo(fresh.add(next, offset));
            assertThat(used.evidence()).isEqualTo(fresh.evidence());
        }
    }

    private Scored error(double probability) {
        return new Scored(random.nextDouble() < probability ? 1 : 0, 0.1, 0.05);
    }
}
