package io.millrace.schemas;

/**
 * How one model did on one probe set.
 *
 * @param probeSet what was scored
 * @param accuracy share of right predictions
 * @param macroF1 mean over the labels that occur in the probe set or the predictions of their F1
 * @param negativeLogLikelihood mean over examples, in nats
 * @param calibrationError expected calibration error, 15 equal-width bins
 */
public record ProbeScore(
        ProbeSetReference probeSet,
        double accuracy,
        double macroF1,
        double negativeLogLikelihood,
        double calibrationError) {

    public ProbeScore {
        Required.field("ProbeScore.probeSet", probeSet);
        Required.finite("ProbeScore.accuracy", accuracy);
        Required.finite("ProbeScore.macroF1", macroF1);
        Required.finite("ProbeScore.negativeLogLikelihood", negativeLogLikelihood);
        Required.finite("ProbeScore.calibrationError", calibrationError);
    }
}
