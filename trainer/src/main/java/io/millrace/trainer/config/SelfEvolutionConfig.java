package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.orDefault;
import static io.millrace.trainer.config.Checks.require;

/**
 * Self-Evolution masking.
 *
 * @param threshold surprise in nats above which a token counts as hard; default 0.1
 * @param labelSmoothing share of the model's own distribution in the target of a masked token; default 0.1
 */
public record SelfEvolutionConfig(Double threshold, Double labelSmoothing) {

    public SelfEvolutionConfig {
        threshold = orDefault(threshold, 0.1);
        labelSmoothing = orDefault(labelSmoothing, 0.1);
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
}
