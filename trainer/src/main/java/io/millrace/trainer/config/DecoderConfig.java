package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

/**
 * The shallow decoder of a masked autoencoder.
 *
 * @param layers its transformer layers; default 2
 * @param warmupSteps first steps in which the gradient of the masked-token term stops before the encoder; default 100
 */
public record DecoderConfig(Integer layers, Integer warmupSteps) {

    private static final DecoderConfig DEFAULTS = new DecoderConfig(2, 100);

    public DecoderConfig {
        layers = layers == null ? DEFAULTS.layers : layers;
        warmupSteps = warmupSteps == null ? DEFAULTS.warmupSteps : warmupSteps;
        require(layers >= 1 && layers <= 12, "maskedTokens.decoder.layers", "in [1, 12]", layers);
        require(warmupSteps >= 0, "maskedTokens.decoder.warmupSteps", "at least 0", warmupSteps);
    }

    /** The defaults. */
    static DecoderConfig defaults() {
        return DEFAULTS;
    }
}
