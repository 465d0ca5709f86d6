package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.orDefault;
import static io.millrace.trainer.config.Checks.require;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Mask-tuning. The paper does not publish its weight and rate; the defaults are ours.
 *
 * @param alpha weight of the masked-token term, the task term gets {@code 1 - alpha}; default 0.3
 * @param maskingRate share of the maskable tokens that is masked; default 0.05
 * @param perturbed which text the task term reads; default predicted
 * @param corruption what stands at a masked position; default mask
 */
public record MaskTuningConfig(Double alpha, Double maskingRate, Perturbed perturbed, Corruption corruption) {

    /** The text that the task term classifies. */
    public enum Perturbed {
        /** Masked positions hold the most probable token by the model itself: two forward passes. */
        @JsonProperty("predicted")
        PREDICTED,
        /** Masked positions hold [MASK]: both heads share one forward pass. */
        @JsonProperty("masked")
        MASKED
    }

    /** What stands at a selected position. */
    public enum Corruption {
        /** Always [MASK]. */
        @JsonProperty("mask")
        MASK,
        /** 80 % [MASK], 10 % a random token, 10 % the token itself. */
        @JsonProperty("80-10-10")
        MIXED
    }

    public MaskTuningConfig {
        alpha = orDefault(alpha, 0.3);
        maskingRate = orDefault(maskingRate, 0.05);
        perturbed = perturbed == null ? Perturbed.PREDICTED : perturbed;
        corruption = corruption == null ? Corruption.MASK : corruption;
        require(alpha > 0 && alpha < 1, "maskTuning.alpha", "in (0, 1)", alpha);
        require(maskingRate >= 0 && maskingRate < 1, "maskTuning.maskingRate", "in [0, 1)", maskingRate);
    }
}
