package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

/**
 * The learning rate over the steps: a linear warm-up, then constant, or a linear decay to 0.
 *
 * @param warmupSteps steps until the peak; default 10
 * @param decaySteps step at which the rate has fallen to 0; 0, the default, keeps it constant, as an endless stream needs
 */
public record ScheduleConfig(Integer warmupSteps, Integer decaySteps) {

    private static final ScheduleConfig DEFAULTS = new ScheduleConfig(10, 0);

    public ScheduleConfig {
        warmupSteps = warmupSteps == null ? DEFAULTS.warmupSteps : warmupSteps;
        decaySteps = decaySteps == null ? DEFAULTS.decaySteps : decaySteps;
        require(warmupSteps >= 0, "optimizer.schedule.warmupSteps", "at least 0", warmupSteps);
        require(
                decaySteps == 0 || decaySteps > warmupSteps,
                "optimizer.schedule.decaySteps",
                "0 or more than warmupSteps",
                decaySteps);
    }

    /** The defaults. */
    static ScheduleConfig defaults() {
        return DEFAULTS;
    }

    /**
     * The factor on the peak learning rate.
     *
     * @param step the step about to be done, 1 for the first
     */
    public double factor(long step) {
        double warmup = Math.min(1.0, step / (double) Math.max(1, warmupSteps));
        if (decaySteps == 0) {
            return warmup;
        }
        double left = Math.max(0, decaySteps - step) / (double) (decaySteps - warmupSteps);
        return Math.min(warmup, left);
    }
}
