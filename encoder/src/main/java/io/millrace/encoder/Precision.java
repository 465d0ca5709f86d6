package io.millrace.encoder;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The number format of the arithmetic. Master weights, optimizer state and losses are 32-bit floats either way. */
public enum Precision {
    /** 32-bit floats throughout. */
    @JsonProperty("f32")
    F32,
    /** Matrix products and attention in bfloat16. */
    @JsonProperty("bf16")
    BF16
}
