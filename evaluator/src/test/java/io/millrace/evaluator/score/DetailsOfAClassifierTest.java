package io.millrace.evaluator.score;

import static io.millrace.evaluator.EvaluatorFixtures.example;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.PartScores;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Probabilities in sixteenths, with ties; the expected values are scikit-learn 1.9's unless a comment derives them. */
class DetailsOfAClassifierTest {

    private static final List<String> LABELS = List.of("a", "b", "c");
    private static final String RIGHT = "aababcbccaab";
    private static final int[][] SIXTEENTHS = {
        {10, 4, 2}, {6, 8, 2}, {4, 10, 2}, {9, 3, 4}, {5, 6, 5}, {2, 4, 10},
        {8, 7, 1}, {3, 3, 10}, {7, 1, 8}, {12, 2, 2}, {6, 8, 2}, {5, 10, 1}
    };

    @Test
    void shouldAgreeWithScikitLearnOnTheWholeSet() {
        // When
        Sheet sheet = details(Map.of()).sheet();

        // Then: matthews_corrcoef; roc_auc_score, multi_class="ovr"; average_precision_score, average="macro"
        assertThat(sheet.scores().get("mcc")).isCloseTo(0.6276595744680851, within(1e-6));
        assertThat(sheet.scores().get("brier")).isCloseTo(0.3671875, within(1e-6));
        assertThat(sheet.scores().get("auroc")).isCloseTo(0.9202380952380952, within(1e-6));
        assertThat(sheet.scores().get("aupr")).isCloseTo(0.9007936507936508, within(1e-6));
        assertThat(sheet.undefined()).isEmpty();
    }

    @Test
    void shouldScoreEveryLabelTheMostFrequentFirst() {
        // When
        List<PartScores> labels = details(Map.of()).parts();

        // Then
        assertThat(labels).extracting(PartScores::name).containsExactly("a", "b", "c");
        assertThat(labels).extracting(PartScores::examples).containsExactly(5, 4, 3);
        assertThat(labels).extracting(PartScores::kind).containsOnly(PartScores.Kind.LABEL);
        assertThat(labels.get(0).scores())
                .isEqualTo(
                        Map.of("precision", 0.75, "recall", 0.6, "f1", 0.666667, "auroc", 0.885714, "aupr", 0.885714));
        assertThat(labels.get(1).scores())
                .isEqualTo(Map.of("precision", 0.6, "recall", 0.75, "f1", 0.666667, "auroc", 0.875, "aupr", 0.816667));
        assertThat(labels.get(2).scores().values()).containsOnly(1.0);
        assertThat(labels).extracting(PartScores::undefined).containsOnlyNulls();
    }

    @Test
    void shouldScoreTheSlicesOfEveryAttributeThatAreLargeEnough() {
        // Given: 11 examples of one source and one of another; a group for each example
        List<LabelledExample> examples = IntStream.range(0, RIGHT.length())
                .mapToObj(i -> with(
                        i, RIGHT.charAt(i) + "", Map.of("source", i == 11 ? "web" : "app", "group", "same for all")))
                .toList();

        // When
        SetDetails details = score(examples, rows()).details();

        // Then
        PartScores slice = details.parts().get(details.parts().size() - 1);
        assertThat(details.parts()).extracting(PartScores::name).containsExactly("a", "b", "c", "app");
        assertThat(slice.attribute()).isEqualTo("source");
        assertThat(slice.kind()).isEqualTo(PartScores.Kind.SLICE);
        assertThat(slice.examples()).isEqualTo(11);
        // 8 of 11 are right
        assertThat(slice.scores().get("accuracy")).isCloseTo(8.0 / 11, within(1e-6));
        assertThat(slice.scores())
                .containsOnlyKeys(
                        "accuracy",
                        "macroF1",
                        "negativeLogLikelihood",
                        "calibrationError",
                        "mcc",
                        "brier",
                        "auroc",
                        "aupr");
        assertThat(details.leftOut()).isZero();
    }

    @Test
    void shouldSayWhyAScoreHasNoValue() {
        // Given
        List<LabelledExample> oneLabel = List.of(example("1", "x", "a"), example("2", "y", "a"));
        List<LabelledExample> onePrediction = List.of(example("1", "x", "a"), example("2", "y", "b"));
        List<float[]> bothA = List.of(new float[] {1, 0, 0}, new float[] {1, 0, 0});

        // When
        SetDetails labels =
                score(oneLabel, List.of(rows().get(0), rows().get(1))).details();
        SetDetails predictions = score(onePrediction, bothA).details();

        // Then
        assertThat(labels.sheet().undefined())
                .isEqualTo(Map.of(
                        "mcc", "every example has the same label",
                        "auroc", "every example has the same label",
                        "aupr", "every example has the same label"));
        assertThat(predictions.sheet().undefined()).isEqualTo(Map.of("mcc", "every prediction is the same label"));
        assertThat(predictions.parts().get(1).undefined())
                .isEqualTo(Map.of("precision", "the label is never predicted"));
    }

    @Test
    void shouldGiveALabelThatTheModelDoesNotKnowNoProbability() {
        // Given
        List<LabelledExample> examples = List.of(example("1", "x", "new"), example("2", "y", "a"));

        // When
        SetDetails details = score(examples, List.of(new float[] {0.5f, 0.5f, 0}, new float[] {1, 0, 0}))
                .details();

        // Then: (0.25 + 0.25 + 1 + 0) / 2
        assertThat(details.sheet().scores().get("brier")).isEqualTo(0.75);
        assertThat(details.parts()).extracting(PartScores::name).containsExactly("a", "new");
        assertThat(details.parts().get(1).scores()).containsEntry("auroc", 0.5).containsEntry("recall", 0.0);
    }

    @Test
    void shouldAddUpTheLabelsThatCountAsOne() {
        // Given: three-way entailment on a two-way probe
        ClassificationScorer scorer =
                new ClassificationScorer(List.of("entailment", "neutral", "contradiction"), UnaryOperator.identity());
        ProbeSet probeSet = set(List.of(example("1", "x", "non-entailment")));

        // When
        SetDetails details = scorer.score(probeSet, List.of(new float[] {0.5f, 0.25f, 0.25f}))
                .details();

        // Then: 0.5^2 + 0.5^2
        assertThat(details.sheet().scores().get("brier")).isEqualTo(0.5);
    }

    @Test
    void shouldKeepTheLargestLabelsAndCountTheOthers() {
        // Given: 60 labels, label 7 twice
        List<LabelledExample> examples = new ArrayList<>();
        IntStream.range(0, 60).forEach(i -> examples.add(example(i + "", "x", "label " + i)));
        examples.add(example("again", "x", "label 7"));

        // When
        SetDetails details =
                score(examples, Collections.nCopies(61, new float[] {1, 0, 0})).details();

        // Then
        assertThat(details.parts()).hasSize(SetDetails.MAX_PARTS);
        assertThat(details.parts().get(0).name()).isEqualTo("label 7");
        assertThat(details.leftOut()).isEqualTo(10);
    }

    @Test
    void shouldTakeProbabilityAndEnergyOfTheLabelsInScope() {
        // Given
        ClassificationScorer scorer =
                new ClassificationScorer(List.of("a", "oos", "b"), row -> new float[] {0.125f, 0.75f, 0.125f});

        // When
        ScopeScore scope = scorer.score(set(List.of(example("1", "x", "a"))), List.of(new float[] {1, 9, 1}))
                .details()
                .scope()
                .get(0);

        // Then: ln(e + e)
        assertThat(scope.probability()).isEqualTo(0.125);
        assertThat(scope.negativeEnergy()).isCloseTo(1.6931471805599454, within(1e-12));
    }

    private static SetDetails details(Map<String, String> attributes) {
        return score(
                        IntStream.range(0, RIGHT.length())
                                .mapToObj(i -> with(i, RIGHT.charAt(i) + "", attributes))
                                .toList(),
                        rows())
                .details();
    }

    private static ScoredSet score(List<LabelledExample> examples, List<float[]> rows) {
        return new ClassificationScorer(LABELS, UnaryOperator.identity()).score(set(examples), rows);
    }

    private static ProbeSet set(List<LabelledExample> examples) {
        return ProbeSet.of("known", Distribution.IN_DISTRIBUTION, examples);
    }

    private static LabelledExample with(int i, String label, Map<String, String> attributes) {
        return new LabelledExample((char) ('A' + i) + "", "text", null, label, null, null, attributes);
    }

    private static List<float[]> rows() {
        return Arrays.stream(SIXTEENTHS)
                .map(row -> new float[] {row[0] / 16f, row[1] / 16f, row[2] / 16f})
                .toList();
    }
}
