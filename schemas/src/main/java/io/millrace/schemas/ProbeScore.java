package io.millrace.schemas;

import org.jspecify.annotations.Nullable;

/**
 * The scores of one model on one probe set. A task with labels has the first group of the optional scores, a regression the
 * second.
 *
 * @param probeSet what was scored
 * @param accuracy share of correct predictions; a regression's are correct within the task's tolerance
 * @param macroF1 labels: mean over those that occur in the probe set or the predictions of their F1
 * @param negativeLogLikelihood labels: mean over examples, in nats
 * @param calibrationError labels: expected calibration error, 15 equal-width bins
 * @param meanSquaredError regression: mean over examples of the squared difference of prediction and label
 * @param pearson regression: correlation of predictions and labels; absent if either are all the same
 */
public record ProbeScore(
        ProbeSetReference probeSet,
        double accuracy,
        @Nullable Double macroF1,
        @Nullable Double negativeLogLikelihood,
        @Nullable Double calibrationError,
        @Nullable Double meanSquaredError,
        @Nullable Double pearson) {

    public ProbeScore {
        Required.field("ProbeScore.probeSet", probeSet);
        Required.finite("ProbeScore.accuracy", accuracy);
        Required.finiteIfPresent("ProbeScore.macroF1", macroF1);
        Required.finiteIfPresent("ProbeScore.negativeLogLikelihood", negativeLogLikelihood);
        Required.finiteIfPresent("ProbeScore.calibrationError", calibrationError);
        Required.finiteIfPresent("ProbeScore.meanSquaredError", meanSquaredError);
        Required.finiteIfPresent("ProbeScore.pearson", pearson);
    }

    /** Of a task with labels. */
    public ProbeScore(
            ProbeSetReference probeSet,
            double accuracy,
            double macroF1,
            double negativeLogLikelihood,
            double calibrationError) {
        this(probeSet, accuracy, macroF1, negativeLogLikelihood, calibrationError, null, null);
    }

    /** Of a regression; {@code pearson} may be null. */
    public static ProbeScore ofRegression(
            ProbeSetReference probeSet, double accuracy, double meanSquaredError, @Nullable Double pearson) {
        return new ProbeScore(probeSet, accuracy, null, null, null, meanSquaredError, pearson);
    }
}
