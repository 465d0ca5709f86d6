package io.millrace.trainer.drift;

import static io.millrace.trainer.drift.SyntheticStream.Properties.STABLE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.LabelledExample;
import io.millrace.trainer.drift.SyntheticStream.Properties;
import io.millrace.trainer.drift.detector.Scored;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

class StatisticsTest {

    private static final int REFERENCE = 1_000;

    private static final SyntheticStream STREAM = new SyntheticStream(5, false);

    static Stream<Arguments> statistics() {
        return Stream.of(
                Arguments.of(new LabelMix(REFERENCE, 0.1), STABLE.withLabels(8)),
                Arguments.of(length(), STABLE.withWords(14)),
                Arguments.of(length(), STABLE.withWords(6)),
                Arguments.of(new UnknownTokens(REFERENCE, 0.02), STABLE.withUnknown(0.1)),
                Arguments.of(new Vocabulary(REFERENCE, 0.05), STABLE.withNewWords(0.3)),
                Arguments.of(new Embeddings(REFERENCE, 0.1), STABLE.withShift(2)));
    }

    private static RankedNumber length() {
        return new RankedNumber(next -> next.text().length(), REFERENCE, 0.05);
    }

    @ParameterizedTest
    @MethodSource("statistics")
    void shouldLearnTheReferenceThenScoreWhatIsTolerated(Statistic statistic, Properties changed) {
        // When
        for (Observation next : new SyntheticStream(1, false).next(REFERENCE)) {
            assertThat(statistic.take(next)).isNull();
        }

        // Then
        assertThat(meanExcess(statistic, new SyntheticStream(2, false), 1_000)).isLessThan(1);
    }

    @ParameterizedTest
    @MethodSource("statistics")
    void shouldScoreAChangeOutsideOfWhatIsTolerated(Statistic statistic, Properties changed) {
        // Given
        new SyntheticStream(1, false).next(REFERENCE).forEach(statistic::take);
        SyntheticStream stream = new SyntheticStream(2, false);
        stream.become(changed);
        stream.next(200).forEach(statistic::take);

        // When
        double excess = meanExcess(statistic, stream, 500);

        // Then
        assertThat(excess).isGreaterThan(1);
    }

    @ParameterizedTest
    @MethodSource("statistics")
    void shouldTolerateTheChangeAfterANewBaseline(Statistic statistic, Properties changed) {
        // Given
        new SyntheticStream(1, false).next(REFERENCE).forEach(statistic::take);
        SyntheticStream stream = new SyntheticStream(2, false);
        stream.become(changed);

        // When
        statistic.newBaseline();
        stream.next(REFERENCE).forEach(next -> assertThat(statistic.take(next)).isNull());

        // Then
        assertThat(meanExcess(statistic, stream, 1_000)).isLessThan(1);
    }

    /** How far the mean score is from the reference, in units of what is tolerated. */
    private static double meanExcess(Statistic statistic, SyntheticStream stream, int examples) {
        double excess = 0;
        double slack = 0;
        for (Observation next : stream.next(examples)) {
            Scored scored = requireNonNull(statistic.take(next));
            assertThat(scored.score()).isBetween(0.0, 1.0);
            excess += scored.excess();
            slack += scored.slack();
        }
        return statistic.isTwoSided() ? Math.abs(excess) / slack : excess / slack;
    }

    @Test
    void shouldCompareErrorsWithTheWindowAfterWhichTheyLastImproved() {
        // Given
        TestThenTrainError errors = new TestThenTrainError(10, 0.05);

        // When
        double untilTheFirst = take(errors, 5, 5);
        double afterWorse = take(errors, 8, 2);
        double afterBetter = take(errors, 1, 9);

        // Then
        assertThat(untilTheFirst).as("everything is tolerated").isEqualTo(1);
        assertThat(afterWorse).isEqualTo(0.5);
        assertThat(afterBetter).isEqualTo(0.5);
        assertThat(take(errors, 9, 1)).isEqualTo(0.1);
        assertThat(take(errors, 0, 10)).as("it never rises by itself").isEqualTo(0.1);
    }

    @Test
    void shouldNotTakeLuckForImprovement() {
        // Given
        TestThenTrainError errors = new TestThenTrainError(10, 0.05);
        take(errors, 5, 5);

        // When
        take(errors, 4, 6);

        // Then: 0.4 is less than 0.158, the standard error, below 0.5
        assertThat(take(errors, 4, 6)).isEqualTo(0.5);
    }

    /** Some wrong predictions, then some right ones; the reference of the last of them. */
    private static double take(TestThenTrainError errors, int wrong, int right) {
        double reference = Double.NaN;
        for (int i = 0; i < wrong + right; i++) {
            Observation next = new Observation(i, STREAM.next(1).get(0).example(), i >= wrong, 0, new float[0]);
            reference = errors.take(next).reference();
        }
        return reference;
    }

    @Test
    void shouldNotCountATextWithoutWords() {
        // Given
        Vocabulary vocabulary = new Vocabulary(REFERENCE, 0.05);
        new SyntheticStream(1, false).next(REFERENCE).forEach(vocabulary::take);

        // When
        Scored scored = requireNonNull(vocabulary.take(observation("?!")));

        // Then
        assertThat(scored.excess()).isZero();
    }

    @Test
    void shouldSplitTextsIntoWords() {
        // When
        List<String> words = Words.of("Don't PANIC: über-42 naïve 東京 " + "x".repeat(100));

        // Then
        assertThat(words)
                .startsWith("don", "t", "panic", "über", "42", "naïve", "東", "京")
                .last()
                .satisfies(word -> assertThat(word).hasSizeLessThanOrEqualTo(Words.MAX_CHARS));
    }

    @Test
    void shouldBoundTheWordsOfAText() {
        // When / Then
        assertThat(Words.of("a ".repeat(10_000))).hasSize(Words.MAX_WORDS);
    }

    private static Observation observation(String text) {
        return new Observation(
                0, new LabelledExample("id", text, null, "label-0", null, null, null), true, 0, new float[0]);
    }
}
