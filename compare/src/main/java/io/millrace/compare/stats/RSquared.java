package io.millrace.compare.stats;

import java.util.Arrays;

/**
 * The share of variance that predictions explain: {@code 1 - sum_i (y_i - s_i)^2 / sum_i (y_i - mean(y))^2}, with labels y and
 * predictions s. 1 is perfect, 0 is as good as always predicting the mean, and there is no lower bound.
 */
public final class RSquared {

    private RSquared() {}

    /** The share, for labels of which at least two differ. */
    public static double of(double[] labels, double[] predictions) {
        double mean = Arrays.stream(labels).average().orElseThrow();
        double unexplained = 0;
        double total = 0;
        for (int i = 0; i < labels.length; i++) {
            unexplained += (labels[i] - predictions[i]) * (labels[i] - predictions[i]);
            total += (labels[i] - mean) * (labels[i] - mean);
        }
        return 1 - unexplained / total;
    }
}
