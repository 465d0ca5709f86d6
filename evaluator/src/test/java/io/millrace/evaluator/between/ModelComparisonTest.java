package io.millrace.evaluator.between;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.millrace.evaluator.detail.Answered;
import io.millrace.evaluator.score.ClassificationScores;
import io.millrace.evaluator.score.ScoredExample;
import io.millrace.evaluator.score.ScoredSet;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ModelChange;
import io.millrace.schemas.ModelChange.Interval;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

class ModelComparisonTest {

    private static final int EXAMPLES = 400;

    @Test
    void shouldCountWhatChanged() {
        // Given: 1 stays right, 2 gets right, 3 gets wrong, 4 is wrong in another way, 5 stays wrong
        ScoredSet before = answered("a", "b", "a", "b", "b");
        ScoredSet now = answered("a", "a", "b", "c", "b");

        // When
        ModelChange change = ModelComparison.of("checkpoint-000100", before, now);

        // Then
        assertThat(change.from()).isEqualTo("checkpoint-000100");
        assertThat(change.churn()).isEqualTo(0.6);
        assertThat(change.newlyRight()).isEqualTo(0.2);
        assertThat(change.newlyWrong()).isEqualTo(0.2);
        assertThat(change.pValue()).isEqualTo(1);
    }

    @Test
    void shouldGiveDifferencesThatAreThoseOfTheScores() {
        // Given
        ScoredSet before = many(i -> i % 4 == 0 ? "b" : i % 3 == 0 ? "c" : "a", "example");
        ScoredSet now = many(i -> i % 5 == 0 ? "b" : "a", "example");

        // When
        ModelChange change = ModelComparison.of("x", before, now);

        // Then
        assertThat(change.differences()).containsOnlyKeys("accuracy", "macroF1", "calibrationError");
        assertThat(change.differences().get("accuracy").value())
                .isCloseTo(
                        ClassificationScores.accuracy(labels(now)) - ClassificationScores.accuracy(labels(before)),
                        within(1e-6));
        assertThat(change.differences().get("macroF1").value())
                .isCloseTo(
                        ClassificationScores.macroF1(labels(now)) - ClassificationScores.macroF1(labels(before)),
                        within(1e-6));
        assertThat(change.differences().get("calibrationError").value())
                .isCloseTo(
                        ClassificationScores.calibrationError(labels(now))
                                - ClassificationScores.calibrationError(labels(before)),
                        within(1e-6));
        assertThat(change.differences().values()).allSatisfy(interval -> {
            assertThat(interval.low()).isLessThan(interval.value());
            assertThat(interval.high()).isGreaterThan(interval.value());
        });
    }

    @Test
    void shouldGiveTheIntervalThatTheNormalApproximationGives() {
        // Given: of 400, 80 get right and 40 get wrong
        ScoredSet before = many(i -> i < 80 ? "b" : "a", "example");
        ScoredSet now = many(i -> i >= 80 && i < 120 ? "b" : "a", "example");

        // When
        Interval accuracy = ModelComparison.of("x", before, now).differences().get("accuracy");

        // Then: 0.1 +- 1.96 sqrt((0.3 - 0.01) / 400)
        assertThat(accuracy.value()).isCloseTo(0.1, within(1e-6));
        assertThat(accuracy.low()).isCloseTo(0.0472, within(0.006));
        assertThat(accuracy.high()).isCloseTo(0.1528, within(0.006));
    }

    @Test
    void shouldDrawExamplesOfAGroupTogether() {
        // Given: four examples that change together make a group, which is worth one example
        ScoredSet before = many(i -> i < 80 ? "b" : "a", "group");
        ScoredSet now = many(i -> i >= 80 && i < 120 ? "b" : "a", "group");

        // When
        Interval accuracy = ModelComparison.of("x", before, now).differences().get("accuracy");

        // Then: twice as wide
        assertThat(accuracy.low()).isCloseTo(-0.0056, within(0.012));
        assertThat(accuracy.high()).isCloseTo(0.2056, within(0.012));
    }

    @Test
    void shouldGiveTheSameIntervalsEveryTime() {
        // Given
        ScoredSet before = many(i -> i % 4 == 0 ? "b" : "a", "example");
        ScoredSet now = many(i -> i % 5 == 0 ? "b" : "a", "example");

        // When / Then
        assertThat(ModelComparison.of("x", before, now)).isEqualTo(ModelComparison.of("x", before, now));
    }

    @Test
    void shouldCompareRegressionsByAccuracyAndError() {
        // Given: errors 1 and 0 become 0 and 0.25
        ScoredSet before = known().number("1", 3, 4).number("2", 2, 2).set();
        ScoredSet now = known().number("1", 3, 3).number("2", 2, 2.25).set();

        // When
        ModelChange change = ModelComparison.of("x", before, now);

        // Then: (0.0625 - 1) / 2
        assertThat(change.churn()).isNull();
        assertThat(change.newlyRight()).isEqualTo(0.5);
        assertThat(change.differences()).containsOnlyKeys("accuracy", "meanSquaredError");
        assertThat(change.differences().get("meanSquaredError").value()).isEqualTo(-0.46875);
    }

    @Test
    void shouldGiveNoIntervalOfASingleUnit() {
        assertThat(ModelComparison.of("x", answered("a"), answered("b")).differences())
                .isEmpty();
    }

    @Test
    void shouldRefuseAnswersToDifferentVersions() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelComparison.of("x", answered("a"), answered("a", "a")))
                .withMessageStartingWith("both models must answer the same probe set, got ");
    }

    private static Answered known() {
        return new Answered("known", Distribution.IN_DISTRIBUTION);
    }

    /** Answers to examples that all have the label a. */
    private static ScoredSet answered(String... predicted) {
        Answered answered = known();
        for (int i = 0; i < predicted.length; i++) {
            answered.example("" + i, "a", predicted[i]);
        }
        return answered.set();
    }

    private static ScoredSet many(IntFunction<String> predicted, String attribute) {
        Answered answered = known();
        IntStream.range(0, EXAMPLES)
                .forEach(i -> answered.example(
                        String.format(Locale.ROOT, "%03d", i),
                        "a",
                        predicted.apply(i),
                        0.5 + i % 10 / 20.0,
                        attribute,
                        "" + i / 4));
        return answered.set();
    }

    private static List<ScoredExample> labels(ScoredSet set) {
        return set.answers().stream().map(ScoredExample.class::cast).toList();
    }
}
