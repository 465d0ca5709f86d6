package io.millrace.ingest.file;

import io.millrace.schemas.RejectionReason;

/**
 * Why a line would be rejected.
 *
 * @param reason a word to count by: the wire name of a {@link RejectionReason}, or {@value #WRONG_FIELDS}
 * @param detail what was expected and what was found, for people
 */
public record LineFault(String reason, String detail) {

    /** A row of a table has more or fewer fields than its header. Only a file can have this fault. */
    public static final String WRONG_FIELDS = "wrong-fields";

    static LineFault of(RejectionReason reason, String detail) {
        return new LineFault(reason.wireName(), detail);
    }
}
