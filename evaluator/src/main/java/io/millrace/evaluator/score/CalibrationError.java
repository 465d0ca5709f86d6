package io.millrace.evaluator.score;

import java.util.List;

/**
 * Expected calibration error: {@code sum_b (|B_b| / n) |accuracy(B_b) - confidence(B_b)|}, where bin b of
 * {@value #BINS} holds the examples whose confidence lies in {@code ((b-1)/15, b/15]}, and {@code confidence(B)} is the
 * mean confidence in it. See Guo et al. 2017, "On Calibration of Modern Neural Networks".
 */
public final class CalibrationError {

    /** How many bins of equal width there are. */
    public static final int BINS = 15;

    private CalibrationError() {}

    /** The error over at least one example. */
    public static double of(List<ScoredExample> examples) {
        double[] confidence = new double[BINS];
        long[] correct = new long[BINS];
        for (ScoredExample example : examples) {
            int bin = bin(example.confidence());
            confidence[bin] += example.confidence();
            correct[bin] += example.correct() ? 1 : 0;
        }
        double sum = 0;
        for (int bin = 0; bin < BINS; bin++) {
            // |B|/n * |correct/|B| - confidence/|B||: the bin's size cancels.
            sum += Math.abs(correct[bin] - confidence[bin]);
        }
        return sum / examples.size();
    }

    private static int bin(double confidence) {
        int bin = (int) Math.ceil(confidence * BINS) - 1;
        return Math.min(Math.max(bin, 0), BINS - 1);
    }
}
