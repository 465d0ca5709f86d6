package io.millrace.evaluator.score;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.ProbeScore;

import java.nio.file.Path;
import java.util.List;

/** Scores a model directory on probe sets. */
@FunctionalInterface
public interface ModelScorer {

    /**
     * One score a probe set, in their order. What counts as right, and where to reckon, is the task's to say; the labels
     * are the model's own.
     *
     * @throws io.millrace.schemas.store.CorruptCheckpointException if the directory holds no usable model
     */
    List<ProbeScore> score(Path model, EvaluatedTask task, List<ProbeSet> probeSets);
}
