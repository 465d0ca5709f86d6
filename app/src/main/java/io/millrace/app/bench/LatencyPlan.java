package io.millrace.app.bench;

import io.millrace.app.config.MillraceConfig;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * How the time from an example to its model is measured.
 *
 * @param config configuration with the task of the demo; only its broker and its directories are replaced
 * @param probes examples per probe set; of a longer set as many, evenly spaced
 * @param rate examples to send per second; absent to send {@code load} of what the trainer can take
 * @param load share of the capacity, which is measured first
 * @param warmUp how long examples are sent as fast as they are trained, before anything is measured
 * @param capacity how long the capacity is measured
 * @param measured how long examples are sent at the rate; all of these are followed to their model
 */
public record LatencyPlan(
        MillraceConfig config,
        int probes,
        @Nullable Double rate,
        double load,
        Duration warmUp,
        Duration capacity,
        Duration measured) {

    public LatencyPlan {
        require(probes >= 1, "probes must be above 0, got " + probes);
        require(
                rate == null || (rate > 0 && Double.isFinite(rate)),
                "rate must be a finite number above 0, got " + rate);
        require(load > 0 && load < 1, "load must be above 0 and below 1, got " + load);
        require(!measured.isNegative() && !measured.isZero(), "seconds must be above 0, got " + measured);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
