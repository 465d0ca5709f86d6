package io.millrace.app.bench;

import java.util.List;

/**
 * A figure over the rounds.
 *
 * @param median the median; the mean of the two in the middle if there are two
 * @param smallest the smallest
 * @param largest the largest
 */
public record Spread(double median, double smallest, double largest) {

    /** The spread of at least one value. */
    public static Spread of(List<Double> values) {
        return new Spread(
                median(values),
                values.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                values.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
    }

    /** The median of at least one value. */
    public static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
