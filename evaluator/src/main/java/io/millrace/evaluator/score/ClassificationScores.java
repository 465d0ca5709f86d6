package io.millrace.evaluator.score;

import java.util.List;

/** Scores of a classifier, each over at least one example. */
public final class ClassificationScores {

    /**
     * Two accuracies closer than this are equal. Accuracies are ratios of example counts, so real differences are larger
     * by orders of magnitude; anything smaller is rounding.
     */
    public static final double ACCURACY_RESOLUTION = 1e-9;

    /** Probabilities below this count as this. */
    static final double PROBABILITY_FLOOR = 1e-12;

    /** How many bins of equal width the calibration error has. */
    public static final int BINS = 15;

    private ClassificationScores() {}

    /**
     * Share of right predictions: {@code |{i : predicted_i = label_i}| / n}. An example whose label the model does not
     * know is wrong.
     */
    public static double accuracy(List<ScoredExample> examples) {
        long correct = examples.stream().filter(ScoredExample::correct).count();
        return correct / (double) examples.size();
    }

    /**
     * The unweighted mean, over the labels that occur as a right label or as a prediction, of
     * {@code F1 = 2 TP / (2 TP + FP + FN)}. TP counts the examples with the label that are predicted to have it, FP those
     * without it that are, FN those with it that are not.
     */
    public static double macroF1(List<ScoredExample> examples) {
        return LabelCounts.of(examples).values().stream()
                .mapToDouble(LabelCounts::f1)
                .average()
                .orElseThrow();
    }

    /**
     * The mean negative log-likelihood of the right label, in nats: {@code -(1/n) sum_i ln max(p_i, floor)}, where
     * {@code p_i} is the model's probability of the right label of example i and the floor is
     * {@value #PROBABILITY_FLOOR}. The floor limits the cost of one example to 27.6 nats, even where the model does not
     * know the label.
     */
    static double negativeLogLikelihood(List<ScoredExample> examples) {
        double sum = 0;
        for (ScoredExample example : examples) {
            sum -= Math.log(Math.max(example.labelProbability(), PROBABILITY_FLOOR));
        }
        return sum / examples.size();
    }

    /**
     * Expected calibration error: {@code sum_b (|B_b| / n) |accuracy(B_b) - confidence(B_b)|}, where bin b of
     * {@value #BINS} holds the examples whose confidence is in {@code ((b-1)/15, b/15]}, and {@code confidence(B)} is the
     * mean confidence in it. See Guo et al. 2017, "On Calibration of Modern Neural Networks".
     */
    public static double calibrationError(List<ScoredExample> examples) {
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

    /** The bin of the calibration error, from 0, that a confidence is in. */
    public static int bin(double confidence) {
        int bin = (int) Math.ceil(confidence * BINS) - 1;
        return Math.min(Math.max(bin, 0), BINS - 1);
    }
}
