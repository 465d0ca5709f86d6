package io.millrace.trainer.config;

/**
 * What is minimised.
 *
 * @param method which terms take part; default plain
 * @param maskedTokens settings of masked-token prediction, for the methods that have it and for unlabelled texts
 * @param maskTuning settings of Mask-tuning, for the methods that have it
 * @param smoothness settings of the smoothness term, for the methods that have it
 * @param proximal settings of the proximal term, for the methods that have it
 */
public record ObjectiveConfig(
        Method method,
        MaskedTokensConfig maskedTokens,
        MaskTuningConfig maskTuning,
        SmoothnessConfig smoothness,
        ProximalConfig proximal) {

    private static final ObjectiveConfig DEFAULTS = new ObjectiveConfig(
            Method.PLAIN,
            MaskedTokensConfig.defaults(),
            MaskTuningConfig.defaults(),
            SmoothnessConfig.defaults(),
            ProximalConfig.defaults());

    public ObjectiveConfig {
        method = method == null ? DEFAULTS.method : method;
        maskedTokens = maskedTokens == null ? DEFAULTS.maskedTokens : maskedTokens;
        maskTuning = maskTuning == null ? DEFAULTS.maskTuning : maskTuning;
        smoothness = smoothness == null ? DEFAULTS.smoothness : smoothness;
        proximal = proximal == null ? DEFAULTS.proximal : proximal;
    }

    /** The defaults. */
    static ObjectiveConfig defaults() {
        return DEFAULTS;
    }

    /** Whether the method has a term with a weight above 0 beside the task's. */
    boolean hasRobustTerms() {
        return method.usesMaskedTokens() || (method.usesSmart() && (smoothness.weight() > 0 || proximal.weight() > 0));
    }

    /** A method with every number at its default. */
    public static ObjectiveConfig of(Method method) {
        return new ObjectiveConfig(
                method, DEFAULTS.maskedTokens, DEFAULTS.maskTuning, DEFAULTS.smoothness, DEFAULTS.proximal);
    }
}
