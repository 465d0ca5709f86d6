package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

/**
 * SMART's smoothness-inducing adversarial regularizer.
 *
 * @param weight factor of the term, the paper's lambda_s; default 0.3
 * @param radius largest absolute change of an embedding's coordinate; default 0.1
 * @param stepSize size of an ascent step; default 0.01
 * @param initStdDev standard deviation of the initial noise; default 0.01
 * @param steps ascent steps; default 1
 */
public record SmoothnessConfig(Double weight, Double radius, Double stepSize, Double initStdDev, Integer steps) {

    private static final SmoothnessConfig DEFAULTS = new SmoothnessConfig(0.3, 1e-1, 1e-2, 1e-2, 1);

    public SmoothnessConfig {
        weight = weight == null ? DEFAULTS.weight : weight;
        radius = radius == null ? DEFAULTS.radius : radius;
        stepSize = stepSize == null ? DEFAULTS.stepSize : stepSize;
        initStdDev = initStdDev == null ? DEFAULTS.initStdDev : initStdDev;
        steps = steps == null ? DEFAULTS.steps : steps;
        require(weight >= 0, "smoothness.weight", "at least 0", weight);
        require(radius > 0, "smoothness.radius", "above 0", radius);
        require(stepSize > 0, "smoothness.stepSize", "above 0", stepSize);
        require(initStdDev > 0, "smoothness.initStdDev", "above 0", initStdDev);
        require(steps >= 1, "smoothness.steps", "at least 1", steps);
    }

    /** The defaults. */
    static SmoothnessConfig defaults() {
        return DEFAULTS;
    }
}
