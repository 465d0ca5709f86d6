package io.millrace.evaluator.score;

import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;

import java.util.List;

/** Reads the raw outputs of one model. */
sealed interface LoadedScorer permits ClassificationScorer, RegressionScorer {

    /**
     * The model's answers, in the order of {@code examples}.
     *
     * @param logits the model's finite outputs, one row per example. Shape [examples, outputs]
     */
    List<? extends Answer> answers(List<LabelledExample> examples, List<float[]> logits);

    /**
     * The model's answers to a probe set, and their scores.
     *
     * @param logits the model's finite outputs, one row per example of the set. Shape [examples, outputs]
     */
    ScoredSet score(ProbeSet probeSet, List<float[]> logits);
}
