package io.millrace.evaluator.score;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * Pearson's correlation of labels y and predictions x:
 * {@code sum_i (x_i - mean x)(y_i - mean y) / (sqrt(sum_i (x_i - mean x)^2) sqrt(sum_i (y_i - mean y)^2))}.
 */
public final class PearsonCorrelation {

    private PearsonCorrelation() {}

    /** The correlation over at least one example; empty if the labels or the predictions do not vary. */
    public static OptionalDouble of(List<ScoredNumber> examples) {
        if (isConstant(examples, ScoredNumber::label) || isConstant(examples, ScoredNumber::predicted)) {
            return OptionalDouble.empty();
        }
        double meanLabel = mean(examples, ScoredNumber::label);
        double meanPredicted = mean(examples, ScoredNumber::predicted);
        double covariance = 0;
        double varianceOfLabels = 0;
        double varianceOfPredictions = 0;
        for (ScoredNumber example : examples) {
            double label = example.label() - meanLabel;
            double predicted = example.predicted() - meanPredicted;
            covariance += label * predicted;
            varianceOfLabels += label * label;
            varianceOfPredictions += predicted * predicted;
        }
        double correlation = covariance / (Math.sqrt(varianceOfLabels) * Math.sqrt(varianceOfPredictions));
        // Differences whose squares vanish in a double are none.
        return Double.isFinite(correlation)
                ? OptionalDouble.of(Math.max(-1, Math.min(1, correlation)))
                : OptionalDouble.empty();
    }

    /** By the values themselves: rounding in their mean would find a variance where there is none. */
    private static boolean isConstant(List<ScoredNumber> examples, ToDoubleFunction<ScoredNumber> side) {
        return examples.stream().mapToDouble(side).distinct().count() == 1;
    }

    private static double mean(List<ScoredNumber> examples, ToDoubleFunction<ScoredNumber> side) {
        return examples.stream().mapToDouble(side).average().orElseThrow();
    }
}
