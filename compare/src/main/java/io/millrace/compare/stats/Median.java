package io.millrace.compare.stats;

import java.util.Collection;

/** The middle value, or the mean of the two in the middle. */
public final class Median {

    private Median() {}

    /** The median of at least one value. */
    public static double of(Collection<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
