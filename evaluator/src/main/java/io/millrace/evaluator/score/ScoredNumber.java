package io.millrace.evaluator.score;

/**
 * A regression's prediction for one probe example.
 *
 * @param label the right number
 * @param predicted the model's number
 * @param tolerance two numbers that differ by at most this count as the same
 */
public record ScoredNumber(double label, double predicted, double tolerance) implements Answer {

    @Override
    public boolean correct() {
        return Math.abs(error()) <= tolerance;
    }

    @Override
    public boolean agreesWith(Answer other) {
        return other instanceof ScoredNumber number && Math.abs(predicted - number.predicted) <= tolerance;
    }

    /** The signed error of the prediction. */
    public double error() {
        return predicted - label;
    }
}
