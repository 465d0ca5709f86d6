package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to an example whose label the task does not know. */
public enum NewLabels {
    /** It is rejected: the configuration names all labels. */
    @JsonProperty("reject")
    REJECT,
    /** The head grows by that label, up to the task's {@code maxLabels}. Each checkpoint stores its labels. */
    @JsonProperty("grow")
    GROW
}
