package io.millrace.evaluator.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

class RankingTest {

    /** Right labels and scores with many ties; the expected values below are scikit-learn 1.9's. */
    private static final int[] POSITIVE = {
        1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0, 1,
        1, 1, 0
    };

    private static final double[] SCORES = {
        0.7, 0.5, 0.6, 0.3, 0.5, 0.9, 0.5, 0.6, 0.9, 0.0, 0.5, 0.0, 0.7, 0.3, 0.1, 0.2, 0.6, 0.2, 0.1, 0.8, 0.3, 0.9,
        0.5, 0.2, 0.6, 0.4, 0.4, 0.5, 0.0, 1.0, 0.4, 0.9, 0.3, 0.7, 0.6, 0.7, 0.7, 0.5, 0.8, 0.5
    };

    @Test
    void shouldAgreeWithScikitLearn() {
        // Given
        Ranking ranking = new Ranking(scores(1), scores(0));

        // When / Then: roc_auc_score, average_precision_score, and roc_curve where the recall first reaches 0.95
        assertThat(ranking.auroc().orElseThrow()).isCloseTo(0.8308080808080809, within(1e-12));
        assertThat(ranking.averagePrecision().orElseThrow()).isCloseTo(0.806483426704015, within(1e-12));
        assertThat(ranking.falsePositiveRate().orElseThrow()).isCloseTo(0.6363636363636364, within(1e-12));
    }

    @Test
    void shouldCountEqualNumbersHalf() {
        // Given
        Ranking ranking = new Ranking(new double[] {0.5, 0.5}, new double[] {0.5});

        // When / Then
        assertThat(ranking.auroc()).hasValue(0.5);
        assertThat(ranking.averagePrecision()).hasValueCloseTo(2.0 / 3.0, within(1e-12));
        assertThat(ranking.falsePositiveRate()).hasValue(1);
    }

    @Test
    void shouldBePerfectWhereEveryPositiveIsHigher() {
        // Given
        Ranking ranking = new Ranking(new double[] {3, 2}, new double[] {1, -1, 0});

        // When / Then
        assertThat(ranking.auroc()).hasValue(1);
        assertThat(ranking.averagePrecision()).hasValue(1);
        assertThat(ranking.falsePositiveRate()).hasValue(0);
    }

    @Test
    void shouldLetFivePercentOfThePositivesGo() {
        // Given: of 20 positives one is low
        double[] positives =
                IntStream.range(0, 20).mapToDouble(i -> i == 0 ? 0 : 10).toArray();

        // When / Then
        assertThat(new Ranking(positives, new double[] {5, 1, 10, 11}).falsePositiveRate())
                .hasValue(0.5);
    }

    @Test
    void shouldHaveNoValueWithoutPositivesOrNegatives() {
        for (Ranking ranking : new Ranking[] {
            new Ranking(new double[] {1}, new double[0]), new Ranking(new double[0], new double[] {1})
        }) {
            assertThat(ranking.auroc()).isEmpty();
            assertThat(ranking.averagePrecision()).isEmpty();
            assertThat(ranking.falsePositiveRate()).isEmpty();
        }
    }

    private static double[] scores(int label) {
        return IntStream.range(0, SCORES.length)
                .filter(i -> POSITIVE[i] == label)
                .mapToDouble(i -> SCORES[i])
                .toArray();
    }
}
