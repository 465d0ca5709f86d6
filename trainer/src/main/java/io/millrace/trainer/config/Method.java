package io.millrace.trainer.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A training method that a task can name: which terms its objective has. */
public enum Method {
    /** The task term alone. */
    PLAIN("plain", MaskedTokenUse.NONE, false),
    /** The task term and the masked-token term. */
    MASKED_TOKENS("masked-tokens", MaskedTokenUse.BESIDE, false),
    /** The task term on perturbed text and the masked-token term. */
    MASK_TUNING("mask-tuning", MaskedTokenUse.PERTURBING, false),
    /** The task term, the smoothness term and the proximal term. */
    SMART("smart", MaskedTokenUse.NONE, true),
    /** {@link #MASKED_TOKENS} and {@link #SMART} together. */
    MASKED_TOKENS_SMART("masked-tokens+smart", MaskedTokenUse.BESIDE, true),
    /** {@link #MASK_TUNING} and {@link #SMART} together. */
    MASK_TUNING_SMART("mask-tuning+smart", MaskedTokenUse.PERTURBING, true);

    private final String wireName;
    private final MaskedTokenUse maskedTokens;
    private final boolean smart;

    /** What masked-token prediction does in a method. */
    private enum MaskedTokenUse {
        NONE,
        BESIDE,
        PERTURBING
    }

    Method(String wireName, MaskedTokenUse maskedTokens, boolean smart) {
        this.wireName = wireName;
        this.maskedTokens = maskedTokens;
        this.smart = smart;
    }

    /** The method of that name. */
    @JsonCreator
    public static Method of(String name) {
        for (Method method : values()) {
            if (method.wireName.equals(name)) {
                return method;
            }
        }
        throw new IllegalArgumentException("training.objective.method must be one of "
                + Arrays.stream(values()).map(Method::wireName).collect(Collectors.joining(", "))
                + ", got \"" + name + "\"");
    }

    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** Whether masked-token prediction takes part. */
    public boolean usesMaskedTokens() {
        return maskedTokens != MaskedTokenUse.NONE;
    }

    /** Whether the task term reads text that masked-token prediction has perturbed. */
    public boolean usesMaskTuning() {
        return maskedTokens == MaskedTokenUse.PERTURBING;
    }

    /** Whether the smoothness and the proximal term take part. */
    public boolean usesSmart() {
        return smart;
    }
}
