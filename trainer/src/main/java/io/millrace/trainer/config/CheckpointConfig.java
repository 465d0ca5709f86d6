package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.orDefault;
import static io.millrace.trainer.config.Checks.require;

import java.time.Duration;

/**
 * When a checkpoint is written, and how many stay. A checkpoint is also written when the stream idles.
 *
 * @param everySteps after this many steps; default 500
 * @param every after this much time since the last one; default 5 minutes
 * @param keep how many checkpoints of a task stay in the store; default 5
 */
public record CheckpointConfig(Integer everySteps, Duration every, Integer keep) {

    public CheckpointConfig {
        everySteps = orDefault(everySteps, 500);
        every = every == null ? Duration.ofMinutes(5) : every;
        keep = orDefault(keep, 5);
        require(everySteps >= 1, "checkpoints.everySteps", "at least 1", everySteps);
        require(every.toMillis() >= 1, "checkpoints.every", "a positive duration", every);
        require(keep >= 2, "checkpoints.keep", "at least 2", keep);
    }
}
