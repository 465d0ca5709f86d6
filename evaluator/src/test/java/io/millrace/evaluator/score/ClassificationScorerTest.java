package io.millrace.evaluator.score;

import static io.millrace.evaluator.EvaluatorFixtures.example;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.millrace.encoder.tokens.TextInput;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.store.CorruptCheckpointException;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class ClassificationScorerTest {

    private static final List<String> LABELS = List.of("no", "yes");

    @Test
    void shouldGiveEveryScoreOfAProbeSet() {
        // Given: right at 0.75, wrong at 0.75, and a label that the model does not know
        ProbeSet probeSet = probeSet(
                example("1", "likes it", "yes"), example("2", "likes it", "no"), example("3", "likes it", "maybe"));
        ClassificationScorer scorer = new ClassificationScorer(LABELS, texts -> rows(texts.size(), 0.25f, 0.75f));

        // When
        ProbeScore score = scorer.score(probeSet).score();

        // Then
        assertThat(score.probeSet()).isEqualTo(probeSet.reference());
        assertThat(score.accuracy()).isCloseTo(1.0 / 3.0, within(1e-12));
        // F1(yes) = 2/(2+2) and 0 for no and maybe.
        assertThat(score.macroF1()).isCloseTo(0.5 / 3.0, within(1e-12));
        // (ln 4/3 + ln 4 + 12 ln 10) / 3
        assertThat(score.negativeLogLikelihood()).isCloseTo(9.768332513, within(1e-8));
        // One bin: |1/3 - 3/4|
        assertThat(score.calibrationError()).isCloseTo(5.0 / 12.0, within(1e-12));
    }

    @Test
    void shouldAskForBoundedPortionsInTheOrderOfTheExamples() {
        // Given
        LabelledExample[] examples = IntStream.range(0, ProbeOutputs.TEXTS_PER_CALL + 1)
                .mapToObj(i -> example(String.format("%05d", i), "text " + i, i == 0 ? "no" : "yes"))
                .toArray(LabelledExample[]::new);
        List<Integer> portions = new ArrayList<>();
        ClassificationScorer scorer = new ClassificationScorer(LABELS, texts -> {
            portions.add(texts.size());
            return texts.stream()
                    .map(ClassificationScorerTest::onlyTextZeroIsNo)
                    .toArray(float[][]::new);
        });

        // When
        ProbeScore score = scorer.score(probeSet(examples)).score();

        // Then
        assertThat(portions).containsExactly(ProbeOutputs.TEXTS_PER_CALL, 1);
        assertThat(score.accuracy()).isEqualTo(1.0);
    }

    @Test
    void shouldHandOverBothTextsOfAPair() {
        // Given
        ProbeSet pairs = probeSet(new LabelledExample("1", "premise", "hypothesis", "yes", null, null, null));
        List<TextInput> asked = new ArrayList<>();
        ClassificationScorer scorer = new ClassificationScorer(LABELS, texts -> {
            asked.addAll(texts);
            return rows(texts.size(), 0.5f, 0.5f);
        });

        // When
        scorer.score(pairs);

        // Then
        assertThat(asked).containsExactly(new TextInput("premise", "hypothesis"));
    }

    @Test
    void shouldRefuseAModelWhoseProbabilitiesAreNotFinite() {
        // Given
        ClassificationScorer scorer = new ClassificationScorer(LABELS, texts -> rows(texts.size(), Float.NaN, 0.5f));

        // When / Then
        assertThatExceptionOfType(CorruptCheckpointException.class)
                .isThrownBy(() -> scorer.score(probeSet(example("1", "text", "yes"))))
                .withMessageContaining("example 1 of probe set typos, got NaN");
    }

    @Test
    void shouldCountWhatAGrownHeadKnowsWhateverTheConfigurationLists() {
        // Given: the model has grown to a third label, and the probe set has a fourth
        ProbeSet probeSet = probeSet(example("1", "a", "maybe"), example("2", "b", "never"));
        ClassificationScorer scorer = new ClassificationScorer(
                List.of("no", "yes", "maybe"), texts -> rows(texts.size(), 0.25f, 0.25f, 0.5f));

        // When
        ProbeScore score = scorer.score(probeSet).score();

        // Then
        assertThat(score.accuracy()).isEqualTo(0.5);
    }

    @Test
    void shouldRefuseAModelWithoutLabels() {
        assertThatExceptionOfType(CorruptCheckpointException.class)
                .isThrownBy(() -> new ClassificationScorer(List.of(), texts -> rows(texts.size())))
                .withMessage("the model has no labels yet, expected at least one");
    }

    private static ProbeSet probeSet(LabelledExample... examples) {
        return ProbeSet.of("typos", Distribution.OUT_OF_DISTRIBUTION, List.of(examples));
    }

    private static float[] onlyTextZeroIsNo(TextInput text) {
        return text.text().equals("text 0") ? new float[] {1, 0} : new float[] {0, 1};
    }

    private static float[][] rows(int count, float... row) {
        return IntStream.range(0, count).mapToObj(i -> row).toArray(float[][]::new);
    }
}
