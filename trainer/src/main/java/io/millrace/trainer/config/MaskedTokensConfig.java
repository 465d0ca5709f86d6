package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Masked-token prediction, in the methods that have it and on unlabelled texts.
 *
 * @param weight factor of the masked-token term of the methods with {@code masked-tokens}, and of unlabelled texts; default 0.1
 * @param maskingRate share of the maskable tokens that is masked; default 0.05
 * @param masking which tokens are masked; default random
 * @param maskedEncoder what the encoder sees of masked positions; default standard
 * @param corruption what replaces a masked token; default mask
 * @param selfEvolution settings of {@code masking: self-evolution}
 * @param decoder the decoder of {@code maskedEncoder: excluded}
 */
public record MaskedTokensConfig(
        Double weight,
        Double maskingRate,
        Masking masking,
        MaskedEncoder maskedEncoder,
        Corruption corruption,
        SelfEvolutionConfig selfEvolution,
        DecoderConfig decoder) {

    private static final MaskedTokensConfig DEFAULTS = new MaskedTokensConfig(
            0.1,
            0.05,
            Masking.RANDOM,
            MaskedEncoder.STANDARD,
            Corruption.MASK,
            SelfEvolutionConfig.defaults(),
            DecoderConfig.defaults());

    /** Which tokens are masked. */
    public enum Masking {
        /** Each with the same probability. */
        @JsonProperty("random")
        RANDOM,
        /** Those that the model finds hardest, with targets smoothed by its own distributions. */
        @JsonProperty("self-evolution")
        SELF_EVOLUTION
    }

    /** What the encoder sees of masked positions. */
    public enum MaskedEncoder {
        /** The corrupted token, usually [MASK]. */
        @JsonProperty("standard")
        STANDARD,
        /** Nothing: a shallow decoder predicts them from the others. */
        @JsonProperty("excluded")
        EXCLUDED
    }

    /** What replaces a masked token. */
    public enum Corruption {
        /** Always [MASK]. */
        @JsonProperty("mask")
        MASK,
        /** 80 % [MASK], 10 % a random token, 10 % the token itself. */
        @JsonProperty("80-10-10")
        MIXED
    }

    public MaskedTokensConfig {
        weight = weight == null ? DEFAULTS.weight : weight;
        maskingRate = maskingRate == null ? DEFAULTS.maskingRate : maskingRate;
        masking = masking == null ? DEFAULTS.masking : masking;
        maskedEncoder = maskedEncoder == null ? DEFAULTS.maskedEncoder : maskedEncoder;
        corruption = corruption == null ? DEFAULTS.corruption : corruption;
        selfEvolution = selfEvolution == null ? DEFAULTS.selfEvolution : selfEvolution;
        decoder = decoder == null ? DEFAULTS.decoder : decoder;
        require(weight > 0 && Double.isFinite(weight), "maskedTokens.weight", "a finite number above 0", weight);
        require(maskingRate >= 0 && maskingRate < 1, "maskedTokens.maskingRate", "in [0, 1)", maskingRate);
        require(
                maskedEncoder == MaskedEncoder.STANDARD || corruption == Corruption.MASK,
                "maskedTokens.corruption",
                "mask where maskedEncoder is excluded, because the encoder sees no masked position",
                "80-10-10");
    }

    /** The defaults. */
    static MaskedTokensConfig defaults() {
        return DEFAULTS;
    }
}
