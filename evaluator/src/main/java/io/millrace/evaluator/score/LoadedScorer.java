package io.millrace.evaluator.score;

import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.store.CorruptCheckpointException;

import java.util.List;

/** Scores one loaded model. */
sealed interface LoadedScorer permits ClassificationScorer, RegressionScorer {

    /**
     * The model's answers, in the order of {@code examples}.
     *
     * @param name names the examples in messages
     * @throws CorruptCheckpointException if an output is not finite: such weights are unusable
     */
    List<? extends Answer> answers(String name, List<LabelledExample> examples);

    /**
     * The model's answers to a probe set, and their scores.
     *
     * @throws CorruptCheckpointException if an output is not finite: such weights are unusable
     */
    ScoredSet score(ProbeSet probeSet);
}
