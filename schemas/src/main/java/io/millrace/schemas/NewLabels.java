package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of an example whose label the task does not know. */
public enum NewLabels {
    /** It is rejected: the labels of the configuration are all there are. */
    @JsonProperty("reject")
    REJECT,
    /** The head grows by that label, up to the task's {@code maxLabels}: a checkpoint knows the labels that it has. */
    @JsonProperty("grow")
    GROW
}
