package io.millrace.evaluator.score;

import java.util.List;

/**
 * Share of right predictions: {@code |{i : predicted_i = label_i}| / n}. An example whose label the model does not know
 * is wrong.
 */
public final class Accuracy {

    /**
     * Two accuracies closer than this are the same. Accuracies are ratios of example counts, so that real differences
     * are larger by orders of magnitude; what is smaller is rounding.
     */
    public static final double RESOLUTION = 1e-9;

    private Accuracy() {}

    /** The accuracy over at least one example. */
    public static double of(List<ScoredExample> examples) {
        long correct = examples.stream().filter(ScoredExample::correct).count();
        return correct / (double) examples.size();
    }

    /** The share of at least one example whose prediction differs from the label by at most {@code tolerance}. */
    public static double within(double tolerance, List<ScoredNumber> examples) {
        long correct = examples.stream()
                .filter(example -> Math.abs(example.error()) <= tolerance)
                .count();
        return correct / (double) examples.size();
    }
}
