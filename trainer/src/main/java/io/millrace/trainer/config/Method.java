package io.millrace.trainer.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A training method that a task can name: which terms its objective has. */
public enum Method {
    /** The task term alone. */
    PLAIN("plain", false, false),
    /** The task term on perturbed text and the masked-token term. */
    MASK_TUNING("mask-tuning", true, false),
    /** The task term, the smoothness term and the proximal term. */
    SMART("smart", false, true),
    /** Both together. */
    MASK_TUNING_SMART("mask-tuning+smart", true, true);

    private final String wireName;
    private final boolean maskTuning;
    private final boolean smart;

    Method(String wireName, boolean maskTuning, boolean smart) {
        this.wireName = wireName;
        this.maskTuning = maskTuning;
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
        throw new IllegalArgumentException(
                "training.method must be plain, mask-tuning, smart or mask-tuning+smart, got \"" + name + "\"");
    }

    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** Whether masked-token prediction takes part. */
    public boolean usesMaskTuning() {
        return maskTuning;
    }

    /** Whether the smoothness and the proximal term take part. */
    public boolean usesSmart() {
        return smart;
    }
}
