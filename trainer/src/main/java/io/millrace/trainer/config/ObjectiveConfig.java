package io.millrace.trainer.config;

/**
 * What is minimised.
 *
 * @param method which terms take part; default plain
 * @param maskedTokens numbers of masked-token prediction, for the methods that have it and for unlabelled texts
 * @param maskTuning numbers of Mask-tuning, for the methods that have it
 * @param smoothness numbers of the smoothness term, for the methods that have it
 * @param proximal numbers of the proximal term, for the methods that have it
 */
public record ObjectiveConfig(
        Method method,
        MaskedTokensConfig maskedTokens,
        MaskTuningConfig maskTuning,
        SmoothnessConfig smoothness,
        ProximalConfig proximal) {

    public ObjectiveConfig {
        method = method == null ? Method.PLAIN : method;
        maskedTokens = maskedTokens == null ? MaskedTokensConfig.defaults() : maskedTokens;
        maskTuning = maskTuning == null ? new MaskTuningConfig(null, null) : maskTuning;
        smoothness = smoothness == null ? new SmoothnessConfig(null, null, null, null, null) : smoothness;
        proximal = proximal == null ? new ProximalConfig(null, null, null, null) : proximal;
    }

    /** A method with every number at its default. */
    public static ObjectiveConfig of(Method method) {
        return new ObjectiveConfig(method, null, null, null, null);
    }
}
