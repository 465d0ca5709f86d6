package io.millrace.evaluator.score;

import static io.millrace.evaluator.EvaluatorFixtures.example;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.store.CorruptCheckpointException;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;

class ClassificationScorerTest {

    private static final List<String> LABELS = List.of("no", "yes");

    @Test
    void shouldGiveEveryScoreOfAProbeSet() {
        // Given: right at 0.75, wrong at 0.75, and a label that the model does not know
        ProbeSet probeSet = probeSet(
                example("1", "likes it", "yes"), example("2", "likes it", "no"), example("3", "likes it", "maybe"));
        ClassificationScorer scorer = new ClassificationScorer(LABELS, row -> row);

        // When
        ProbeScore score = scorer.score(probeSet, rows(3, 0.25f, 0.75f)).score();

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
    void shouldCountWhatAGrownHeadKnowsWhateverTheConfigurationLists() {
        // Given: the model has grown to a third label, and the probe set has a fourth
        ProbeSet probeSet = probeSet(example("1", "a", "maybe"), example("2", "b", "never"));
        ClassificationScorer scorer = new ClassificationScorer(List.of("no", "yes", "maybe"), row -> row);

        // When
        ProbeScore score = scorer.score(probeSet, rows(2, 0.25f, 0.25f, 0.5f)).score();

        // Then
        assertThat(score.accuracy()).isEqualTo(0.5);
    }

    @Test
    void shouldRefuseAModelWithoutLabels() {
        assertThatExceptionOfType(CorruptCheckpointException.class)
                .isThrownBy(() -> new ClassificationScorer(List.of(), row -> row))
                .withMessage("the model has no labels yet, expected at least one");
    }

    private static ProbeSet probeSet(LabelledExample... examples) {
        return ProbeSet.of("typos", Distribution.OUT_OF_DISTRIBUTION, List.of(examples));
    }

    private static List<float[]> rows(int count, float... row) {
        return Collections.nCopies(count, row);
    }
}
