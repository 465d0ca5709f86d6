package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.orDefault;
import static io.millrace.trainer.config.Checks.require;

/**
 * When training goes back to the last promoted checkpoint because its loss has exploded. For classifiers.
 *
 * @param lossFactor the loss has exploded if its mean over the newest steps exceeds this many times that of guessing, ln(labels);
 *     default 0, never
 * @param steps over how many steps the mean is taken; default 20
 */
public record RollbackConfig(Double lossFactor, Integer steps) {

    public RollbackConfig {
        lossFactor = orDefault(lossFactor, 0.0);
        steps = orDefault(steps, 20);
        require(
                lossFactor == 0 || (lossFactor >= 1 && Double.isFinite(lossFactor)),
                "rollback.lossFactor",
                "0 or a finite number of at least 1",
                lossFactor);
        require(steps >= 1, "rollback.steps", "at least 1", steps);
    }
}
