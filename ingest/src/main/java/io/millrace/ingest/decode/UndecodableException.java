package io.millrace.ingest.decode;

import io.millrace.schemas.RejectionReason;

/** A record that cannot be decoded, now or ever: it is rejected with this reason, and the next one is read. */
public final class UndecodableException extends Exception {

    private static final long serialVersionUID = 1L;

    private final RejectionReason reason;

    /**
     * A fault of the record.
     *
     * @param reason as a word
     * @param detail as a sentence for people: what was expected and what was found
     */
    public UndecodableException(RejectionReason reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    public RejectionReason reason() {
        return reason;
    }

    /** The sentence. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
