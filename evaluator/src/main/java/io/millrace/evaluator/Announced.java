package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.schemas.CheckpointAnnouncement;

import java.util.function.Function;

/**
 * A checkpoint to judge.
 *
 * @param task its task
 * @param announcement what the trainer says of it
 */
record Announced(EvaluatedTask task, CheckpointAnnouncement announcement) implements Reading {

    @Override
    public Outcome outcome(Function<Announced, Outcome> judge) {
        return judge.apply(this);
    }
}
