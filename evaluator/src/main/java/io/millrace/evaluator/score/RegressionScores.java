package io.millrace.evaluator.score;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Scores of a regression, each over at least one example. */
final class RegressionScores {

    private RegressionScores() {}

    /** The share of predictions that differ from the label by at most the tolerance. */
    static double accuracy(List<ScoredNumber> examples) {
        long correct = examples.stream().filter(ScoredNumber::correct).count();
        return correct / (double) examples.size();
    }

    /** The mean squared error {@code (1/n) sum_i (predicted_i - label_i)^2}. */
    static double meanSquaredError(List<ScoredNumber> examples) {
        return examples.stream()
                .mapToDouble(example -> example.error() * example.error())
                .average()
                .orElseThrow();
    }

    /**
     * Pearson's correlation of labels y and predictions x:
     * {@code sum_i (x_i - mean x)(y_i - mean y) / (sqrt(sum_i (x_i - mean x)^2) sqrt(sum_i (y_i - mean y)^2))}. Empty if
     * the labels or the predictions do not vary.
     */
    static OptionalDouble pearson(List<ScoredNumber> examples) {
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
        // Differences whose squares underflow to zero count as none.
        return Double.isFinite(correlation)
                ? OptionalDouble.of(Math.max(-1, Math.min(1, correlation)))
                : OptionalDouble.empty();
    }

    /** Compares the values themselves: rounding in their mean could show a variance where there is none. */
    private static boolean isConstant(List<ScoredNumber> examples, ToDoubleFunction<ScoredNumber> side) {
        return examples.stream().mapToDouble(side).distinct().count() == 1;
    }

    private static double mean(List<ScoredNumber> examples, ToDoubleFunction<ScoredNumber> side) {
        return examples.stream().mapToDouble(side).average().orElseThrow();
    }
}
