package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a probe set lies relative to the training stream. */
public enum Distribution {
    @JsonProperty("in")
    IN_DISTRIBUTION,
    @JsonProperty("out")
    OUT_OF_DISTRIBUTION
}
