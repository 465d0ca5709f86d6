package io.millrace.trainer.config;

import io.millrace.schemas.Task;
import io.millrace.trainer.config.ReplayConfig.Sample;

/**
 * A task and how it is trained. A regression has no classes to sample its replay by.
 *
 * @param task the task
 * @param training its training configuration
 */
public record TrainedTask(Task task, TrainingConfig training) {

    public TrainedTask {
        if (task.kind().isRegression() && training.replay().sample() == Sample.PER_CLASS) {
            throw new IllegalArgumentException("tasks." + task.name()
                    + ".training.replay.sample must be uniform for a regression, which has no classes, got per-class");
        }
    }

    /** The same with another {@code batching.shards}. */
    public TrainedTask withShards(int shards) {
        return new TrainedTask(task, training.withShards(shards));
    }
}
