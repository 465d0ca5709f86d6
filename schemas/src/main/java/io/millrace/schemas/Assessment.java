package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the gate found about a checkpoint. The first two lead to a promotion, the others do not. */
public enum Assessment {
    /** Training since the champion is shown to help on fresh examples, and the checkpoint is nowhere worse. */
    @JsonProperty("improved")
    IMPROVED("improved"),
    /** Nowhere worse, but not shown to be better; the champion is old enough to be replaced anyway, or there is none. */
    @JsonProperty("not-inferior")
    NOT_INFERIOR("not-inferior"),
    /** Neither shown to be better nor shown to be worse. */
    @JsonProperty("insufficient-evidence")
    INSUFFICIENT_EVIDENCE("insufficient-evidence"),
    /** Worse on a required probe set than the champion or than the best promoted score allows. */
    @JsonProperty("regressed")
    REGRESSED("regressed"),
    /** It cannot be read, loaded or asked in time. */
    @JsonProperty("unreadable")
    UNREADABLE("unreadable");

    private final String wireName;

    Assessment(String wireName) {
        this.wireName = wireName;
    }

    /** The word on the wire. */
    public String wireName() {
        return wireName;
    }

    /** Whether a checkpoint of this assessment is promoted. */
    public boolean promotes() {
        return this == IMPROVED || this == NOT_INFERIOR;
    }
}
