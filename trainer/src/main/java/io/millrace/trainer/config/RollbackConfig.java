package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

/**
 * When training returns to the last promoted checkpoint because its loss has exploded. For classifiers.
 *
 * @param lossFactor the loss has exploded if its mean over the newest steps exceeds this many times that of guessing, ln(labels);
 *     default 0, never
 * @param steps over how many steps the mean is taken; default 20
 */
public record RollbackConfig(Double lossFactor, Integer steps) {

    private static final RollbackConfig DEFAULTS = new RollbackConfig(0.0, 20);

    public RollbackConfig {
        lossFactor = lossFactor == null ? DEFAULTS.lossFactor : lossFactor;
        steps = steps == null ? DEFAULTS.steps : steps;
        require(
                lossFactor == 0 || (lossFactor >= 1 && Double.isFinite(lossFactor)),
                "rollback.lossFactor",
                "0 or a finite number of at least 1",
                lossFactor);
        require(steps >= 1, "rollback.steps", "at least 1", steps);
    }

    /** The defaults. */
    static RollbackConfig defaults() {
        return DEFAULTS;
    }
}
