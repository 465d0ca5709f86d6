package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

/**
 * Self-Evolution masking.
 *
 * @param threshold negative log-likelihood in nats above which a token counts as hard; default 0.1
 * @param labelSmoothing share of the model's own distribution in the target of a masked token; default 0.1
 */
public record SelfEvolutionConfig(Double threshold, Double labelSmoothing) {

    private static final SelfEvolutionConfig DEFAULTS = new SelfEvolutionConfig(0.1, 0.1);

    public SelfEvolutionConfig {
        threshold = threshold == null ? DEFAULTS.threshold : threshold;
        labelSmoothing = labelSmoothing == null ? DEFAULTS.labelSmoothing : labelSmoothing;
        require(
                threshold >= 0 && Double.isFinite(threshold),
                "maskedTokens.selfEvolution.threshold",
                "a finite number of at least 0",
                threshold);
        require(
                labelSmoothing >= 0 && labelSmoothing < 1,
                "maskedTokens.selfEvolution.labelSmoothing",
                "in [0, 1)",
                labelSmoothing);
    }

    /** The defaults. */
    static SelfEvolutionConfig defaults() {
        return DEFAULTS;
    }
}
