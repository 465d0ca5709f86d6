package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Mask-tuning. The paper does not publish its weight; the default is ours.
 *
 * @param alpha weight of the masked-token term, the task term gets {@code 1 - alpha}; default 0.1
 * @param perturbed which text the task term reads; default predicted
 */
public record MaskTuningConfig(Double alpha, Perturbed perturbed) {

    private static final MaskTuningConfig DEFAULTS = new MaskTuningConfig(0.1, Perturbed.PREDICTED);

    /** The text that the task term classifies. */
    public enum Perturbed {
        /** Masked positions hold the most probable token by the model itself: two forward passes. */
        @JsonProperty("predicted")
        PREDICTED,
        /** Masked positions stay masked: both heads share one forward pass. */
        @JsonProperty("masked")
        MASKED
    }

    public MaskTuningConfig {
        alpha = alpha == null ? DEFAULTS.alpha : alpha;
        perturbed = perturbed == null ? DEFAULTS.perturbed : perturbed;
        require(alpha > 0 && alpha < 1, "maskTuning.alpha", "in (0, 1)", alpha);
    }

    /** The defaults. */
    static MaskTuningConfig defaults() {
        return DEFAULTS;
    }
}
