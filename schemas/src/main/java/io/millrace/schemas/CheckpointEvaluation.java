package io.millrace.schemas;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Every score of one checkpoint.
 *
 * @param checkpoint what was scored
 * @param scores one entry per probe set, in the order of their names
 * @param details further scores, one entry per probe set in the same order; absent if none were taken
 */
public record CheckpointEvaluation(
        CheckpointReference checkpoint, List<ProbeScore> scores, @Nullable List<ProbeDetails> details) {

    public CheckpointEvaluation {
        Required.field("CheckpointEvaluation.checkpoint", checkpoint);
        scores = Required.list("CheckpointEvaluation.scores", scores);
        details = details == null ? null : Required.list("CheckpointEvaluation.details", details);
    }

    /** Without further scores. */
    public CheckpointEvaluation(CheckpointReference checkpoint, List<ProbeScore> scores) {
        this(checkpoint, scores, null);
    }
}
