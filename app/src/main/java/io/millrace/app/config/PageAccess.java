package io.millrace.app.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When a process serves its live page beside the metrics: it shows pieces of texts, and needs no login. */
public enum PageAccess {
    /** If {@code metrics.host} is reached from this machine alone. */
    @JsonProperty("loopback")
    LOOPBACK,
    /** On any address. */
    @JsonProperty("always")
    ALWAYS,
    /** On none. */
    @JsonProperty("never")
    NEVER
}
