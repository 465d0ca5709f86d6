package io.millrace.compare.stats;

import org.apache.commons.statistics.distribution.TDistribution;

import java.util.Collection;
import java.util.OptionalDouble;

/**
 * A mean and its 95 % t-interval: {@code mean ± t(0.975, n - 1) s / sqrt(n)}, where s is the sample's standard deviation.
 *
 * @param mean the mean
 * @param halfWidth half the width of the interval; empty for a single value
 * @param size the number of values
 */
public record Estimate(double mean, OptionalDouble halfWidth, int size) {

    private static final double TAIL = 0.025;

    /** The estimate from at least one value. */
    public static Estimate of(Collection<Double> values) {
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        if (values.size() < 2) {
            return new Estimate(mean, OptionalDouble.empty(), values.size());
        }
        double t = TDistribution.of(values.size() - 1).inverseSurvivalProbability(TAIL);
        return new Estimate(mean, OptionalDouble.of(t * standardError(values, mean)), values.size());
    }

    static double standardError(Collection<Double> values, double mean) {
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (values.size() - 1) / values.size());
    }
}
