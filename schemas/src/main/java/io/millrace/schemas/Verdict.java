package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The decision on a checkpoint, of the gate or by hand. */
public enum Verdict {
    /** It is now the model that others serve. */
    @JsonProperty("promoted")
    PROMOTED("promoted"),
    /** It is worse than the margin allows on some score, or could not be read; the current model stays. */
    @JsonProperty("rejected")
    REJECTED("rejected"),
    /** An earlier model is the current one again, by hand. */
    @JsonProperty("rolled-back")
    ROLLED_BACK("rolled-back");

    private final String wireName;

    Verdict(String wireName) {
        this.wireName = wireName;
    }

    /** The word on the wire and the last part of the CloudEvents type. */
    public String wireName() {
        return wireName;
    }
}
