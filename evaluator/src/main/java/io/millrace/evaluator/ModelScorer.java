package io.millrace.evaluator;

import io.millrace.encoder.Compute;
import io.millrace.schemas.ProbeScore;

import java.nio.file.Path;
import java.util.List;

/** Scores a model directory on probe sets. */
@FunctionalInterface
interface ModelScorer {

    /**
     * One score a probe set, in their order.
     *
     * @throws io.millrace.schemas.CorruptCheckpointException if the directory holds no usable model
     */
    List<ProbeScore> score(Path model, Compute compute, List<ProbeSet> probeSets);
}
