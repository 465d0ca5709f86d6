package io.millrace.trainer.drift.detector;

/**
 * An example as a detector sees it. Everything but the score was known before the example came.
 *
 * @param score of the example, in [0, 1]
 * @param reference the mean of scores without drift, as far as it is known
 * @param slack how far the mean may be from the reference without drift
 */
public record Scored(double score, double reference, double slack) {

    private static final double LEAST = 1e-6;

    /** The highest mean that is tolerated, above 0. */
    public double high() {
        return Math.max(LEAST, reference + slack);
    }

    /** The lowest mean that is tolerated, below 1. */
    public double low() {
        return Math.min(1 - LEAST, reference - slack);
    }

    /** How far the score is above the reference. */
    public double excess() {
        return score - reference;
    }
}
