package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** By which rule checkpoints are promoted. */
public enum GateRule {
    /** Better on fresh examples or an old champion, and nowhere worse by a statistical test. */
    @JsonProperty("evidence")
    EVIDENCE("evidence"),
    /** On no required probe set more than a fixed margin below the best promoted score. */
    @JsonProperty("margin")
    MARGIN("margin");

    private final String wireName;

    GateRule(String wireName) {
        this.wireName = wireName;
    }

    /** The word on the wire and in the configuration. */
    public String wireName() {
        return wireName;
    }
}
