package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

/**
 * SMART's Bregman proximal point term.
 *
 * @param weight factor of the term, the paper's mu; default 0.3
 * @param warmupMomentum share of the old reference that stays after each of the first steps; default 0.99
 * @param momentum share of the old reference that stays after each later step; default 0.999
 * @param referenceWarmupSteps how many steps use {@code warmupMomentum}; default 200
 */
public record ProximalConfig(Double weight, Double warmupMomentum, Double momentum, Integer referenceWarmupSteps) {

    private static final ProximalConfig DEFAULTS = new ProximalConfig(0.3, 0.99, 0.999, 200);

    public ProximalConfig {
        weight = weight == null ? DEFAULTS.weight : weight;
        warmupMomentum = warmupMomentum == null ? DEFAULTS.warmupMomentum : warmupMomentum;
        momentum = momentum == null ? DEFAULTS.momentum : momentum;
        referenceWarmupSteps = referenceWarmupSteps == null ? DEFAULTS.referenceWarmupSteps : referenceWarmupSteps;
        require(weight >= 0, "proximal.weight", "at least 0", weight);
        require(warmupMomentum >= 0 && warmupMomentum < 1, "proximal.warmupMomentum", "in [0, 1)", warmupMomentum);
        require(momentum >= 0 && momentum < 1, "proximal.momentum", "in [0, 1)", momentum);
        require(referenceWarmupSteps >= 0, "proximal.referenceWarmupSteps", "at least 0", referenceWarmupSteps);
    }

    /** The defaults. */
    static ProximalConfig defaults() {
        return DEFAULTS;
    }

    /**
     * The paper's beta: the share of the old reference that stays.
     *
     * @param step the step just done, 1 for the first
     */
    public double momentumAt(long step) {
        return step <= referenceWarmupSteps ? warmupMomentum : momentum;
    }
}
