package io.millrace.schemas;

import java.util.List;

/**
 * Every score of one checkpoint.
 *
 * @param checkpoint what was scored
 * @param scores one entry per probe set, in the order of their names
 */
public record CheckpointEvaluation(CheckpointReference checkpoint, List<ProbeScore> scores) {

    public CheckpointEvaluation {
        Required.field("CheckpointEvaluation.checkpoint", checkpoint);
        scores = Required.list("CheckpointEvaluation.scores", scores);
    }
}
