package io.millrace.evaluator.between;

import io.millrace.evaluator.score.Answer;
import io.millrace.evaluator.score.ScoredNumber;

import java.util.List;

/** Accuracy and mean squared error of two regressions. */
final class ResampledNumbers implements ResampledScores {

    private final double[] accuracy;
    private final double[] squaredError;

    ResampledNumbers(List<Answer> before, List<Answer> now) {
        int n = now.size();
        accuracy = new double[n];
        squaredError = new double[n];
        for (int i = 0; i < n; i++) {
            ScoredNumber after = (ScoredNumber) now.get(i);
            ScoredNumber first = (ScoredNumber) before.get(i);
            accuracy[i] = (after.correct() ? 1 : 0) - (first.correct() ? 1 : 0);
            squaredError[i] = after.error() * after.error() - first.error() * first.error();
        }
    }

    @Override
    public List<String> names() {
        return List.of("accuracy", "meanSquaredError");
    }

    @Override
    public double[] differences(int[] times) {
        double accuracyDifference = 0;
        double errorDifference = 0;
        double n = 0;
        for (int i = 0; i < times.length; i++) {
            accuracyDifference += times[i] * accuracy[i];
            errorDifference += times[i] * squaredError[i];
            n += times[i];
        }
        return new double[] {accuracyDifference / n, errorDifference / n};
    }
}
