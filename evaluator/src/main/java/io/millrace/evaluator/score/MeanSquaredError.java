package io.millrace.evaluator.score;

import java.util.List;

/** The mean squared error {@code (1/n) sum_i (predicted_i - label_i)^2}. */
public final class MeanSquaredError {

    private MeanSquaredError() {}

    /** The error over at least one example. */
    public static double of(List<ScoredNumber> examples) {
        return examples.stream()
                .mapToDouble(example -> example.error() * example.error())
                .average()
                .orElseThrow();
    }
}
