package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

/**
 * AdamW with global-norm clipping. Weight decay is decoupled and applies to matrices only.
 *
 * @param learningRate peak learning rate; default 3e-4, for encoders of the width of the shipped one
 * @param schedule how the learning rate moves over the steps
 * @param beta1 decay of the first moment; default 0.9
 * @param beta2 decay of the second moment; default 0.999
 * @param adamEpsilon guard of the division; default 1e-8
 * @param weightDecay decoupled decay; default 0.01
 * @param gradNormMax largest global gradient norm, larger gradients are scaled down to it; default 1
 */
public record OptimizerConfig(
        Double learningRate,
        ScheduleConfig schedule,
        Double beta1,
        Double beta2,
        Double adamEpsilon,
        Double weightDecay,
        Double gradNormMax) {

    private static final OptimizerConfig DEFAULTS =
            new OptimizerConfig(3e-4, ScheduleConfig.defaults(), 0.9, 0.999, 1e-8, 0.01, 1.0);

    public OptimizerConfig {
        learningRate = learningRate == null ? DEFAULTS.learningRate : learningRate;
        schedule = schedule == null ? DEFAULTS.schedule : schedule;
        beta1 = beta1 == null ? DEFAULTS.beta1 : beta1;
        beta2 = beta2 == null ? DEFAULTS.beta2 : beta2;
        adamEpsilon = adamEpsilon == null ? DEFAULTS.adamEpsilon : adamEpsilon;
        weightDecay = weightDecay == null ? DEFAULTS.weightDecay : weightDecay;
        gradNormMax = gradNormMax == null ? DEFAULTS.gradNormMax : gradNormMax;
        require(learningRate > 0 && learningRate <= 1, "optimizer.learningRate", "in (0, 1]", learningRate);
        require(beta1 >= 0 && beta1 < 1, "optimizer.beta1", "in [0, 1)", beta1);
        require(beta2 >= 0 && beta2 < 1, "optimizer.beta2", "in [0, 1)", beta2);
        require(adamEpsilon > 0, "optimizer.adamEpsilon", "above 0", adamEpsilon);
        require(weightDecay >= 0, "optimizer.weightDecay", "at least 0", weightDecay);
        require(gradNormMax > 0, "optimizer.gradNormMax", "above 0", gradNormMax);
    }

    /** The same with another rate and schedule. */
    public OptimizerConfig with(double otherRate, ScheduleConfig otherSchedule) {
        return new OptimizerConfig(otherRate, otherSchedule, beta1, beta2, adamEpsilon, weightDecay, gradNormMax);
    }

    /** The defaults. */
    static OptimizerConfig defaults() {
        return DEFAULTS;
    }
}
