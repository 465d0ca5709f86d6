package io.millrace.evaluator;

/** Why an announcement was not judged. */
enum SkipReason {
    /** It is no checkpoint announcement. */
    MALFORMED("malformed"),
    /** It is of a task that this process does not know. */
    UNKNOWN_TASK("unknown-task"),
    /** The trainer has deleted it before it could be judged, and has announced a newer one. */
    GONE("gone");

    private final String tag;

    SkipReason(String tag) {
        this.tag = tag;
    }

    /** The word in the metric tag {@code reason}. */
    String tag() {
        return tag;
    }
}
