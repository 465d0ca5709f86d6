package io.millrace.evaluator.score;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * How well numbers rank positive examples above negative ones.
 *
 * @param positives the numbers of the positive examples, ascending
 * @param negatives the numbers of the negative examples, ascending
 */
public record Ranking(double[] positives, double[] negatives) {

    /** Share of the positives that {@link #falsePositiveRate} must keep. */
    private static final double KEPT = 0.95;

    public Ranking {
        positives = sorted(positives);
        negatives = sorted(negatives);
    }

    private static double[] sorted(double[] numbers) {
        double[] copy = numbers.clone();
        Arrays.sort(copy);
        return copy;
    }

    /** Whether there are both positives and negatives; otherwise no score is defined. */
    public boolean isDefined() {
        return positives.length > 0 && negatives.length > 0;
    }

    /**
     * Area under the ROC curve: the probability that a positive example has a higher number than a negative one, where
     * equal numbers count half: {@code (1/PN) sum_{p,n} [p > n] + [p = n]/2}. See Fawcett 2006, "An introduction to ROC
     * analysis". Empty if there are no positives or no negatives.
     */
    public OptionalDouble auroc() {
        if (!isDefined()) {
            return OptionalDouble.empty();
        }
        double sum = 0;
        int below = 0;
        int upTo = 0;
        for (double positive : positives) {
            while (below < negatives.length && negatives[below] < positive) {
                below++;
            }
            while (upTo < negatives.length && negatives[upTo] <= positive) {
                upTo++;
            }
            sum += (below + upTo) / 2.0;
        }
        return OptionalDouble.of(sum / ((double) positives.length * negatives.length));
    }

    /**
     * Area under the precision-recall curve, as average precision: {@code sum_t (R_t - R_{t-1}) P_t} over the distinct
     * numbers t from the highest, where P and R are precision and recall of the examples with at least t. It is not
     * interpolated: see Davis and Goadrich 2006. Empty if there are no positives or no negatives.
     */
    public OptionalDouble averagePrecision() {
        if (!isDefined()) {
            return OptionalDouble.empty();
        }
        double sum = 0;
        int falsePositives = 0;
        int next = positives.length;
        while (next > 0) {
            double threshold = positives[next - 1];
            int before = next;
            while (next > 0 && positives[next - 1] == threshold) {
                next--;
            }
            while (falsePositives < negatives.length && negatives[negatives.length - 1 - falsePositives] >= threshold) {
                falsePositives++;
            }
            double truePositives = positives.length - next;
            sum += (before - next) * truePositives / (truePositives + falsePositives);
        }
        return OptionalDouble.of(sum / positives.length);
    }

    /**
     * The share of negatives that are at least as high as the threshold that keeps 95 % of the positives: the highest t
     * for which at least that share has a number of at least t. See Hendrycks and Gimpel 2017 and Liu et al. 2020. Empty
     * if there are no positives or no negatives.
     */
    public OptionalDouble falsePositiveRate() {
        if (!isDefined()) {
            return OptionalDouble.empty();
        }
        int kept = (int) Math.ceil(KEPT * positives.length - 1e-9);
        double threshold = positives[positives.length - kept];
        long passed =
                Arrays.stream(negatives).filter(number -> number >= threshold).count();
        return OptionalDouble.of(passed / (double) negatives.length);
    }
}
