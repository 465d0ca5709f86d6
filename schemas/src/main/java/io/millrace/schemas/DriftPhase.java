package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The phase of a metric's drift between two readings of its detector. */
public enum DriftPhase {
    @JsonProperty("started")
    STARTED("started"),
    @JsonProperty("ongoing")
    ONGOING("ongoing"),
    @JsonProperty("recovered")
    RECOVERED("recovered");

    private final String wireName;

    DriftPhase(String wireName) {
        this.wireName = wireName;
    }

    /** The word on the wire and the last part of the CloudEvents type. */
    public String wireName() {
        return wireName;
    }
}
