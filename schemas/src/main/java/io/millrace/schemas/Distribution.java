package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a probe set is in the distribution of the training stream. */
public enum Distribution {
    @JsonProperty("in")
    IN_DISTRIBUTION,
    @JsonProperty("out")
    OUT_OF_DISTRIBUTION
}
