package io.millrace.evaluator.score;

/**
 * What a regression said of one probe example.
 *
 * @param label the right number
 * @param predicted the model's
 */
public record ScoredNumber(double label, double predicted) {

    /** How far off the model is, with its sign. */
    public double error() {
        return predicted - label;
    }
}
