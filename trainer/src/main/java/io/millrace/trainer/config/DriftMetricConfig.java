package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

import org.jspecify.annotations.Nullable;

/**
 * How one metric is watched.
 *
 * @param enabled whether it is watched; default as in {@link WatchedMetric}
 * @param expectedRunLength as in {@link DriftConfig}, which gives the default
 * @param tolerance how far the mean score may be from the reference without drift, in (0, 1); default as in {@link WatchedMetric}
 */
public record DriftMetricConfig(
        @Nullable Boolean enabled, @Nullable Long expectedRunLength, @Nullable Double tolerance) {

    static final DriftMetricConfig UNCHANGED = new DriftMetricConfig(null, null, null);

    public DriftMetricConfig {
        if (expectedRunLength != null) {
            DriftConfig.requireRunLength("drift.metrics.NAME.expectedRunLength", expectedRunLength);
        }
        if (tolerance != null) {
            require(tolerance > 0 && tolerance < 1, "drift.metrics.NAME.tolerance", "in (0, 1)", tolerance);
        }
    }
}
