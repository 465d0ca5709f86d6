package io.millrace.schemas;

/** Why a record of {@code examples}, of {@code texts} or of a source is not trained on. The wire name is in the header {@code millrace.reason}. */
public enum RejectionReason {
    /** The record has no value: null, or a tombstone. */
    NULL_VALUE("null-value"),
    /** The value is longer than the configured limit in bytes. */
    TOO_LARGE("too-large"),
    /** The value is not UTF-8. */
    INVALID_UTF8("invalid-utf8"),
    /** The value is not one JSON object. */
    INVALID_JSON("invalid-json"),
    /** A field has the wrong JSON type. */
    WRONG_TYPE("wrong-type"),
    /** A number is outside the range of its field. */
    OUT_OF_RANGE("out-of-range"),
    /** The record's key names no task of the registry, or there is no key. */
    UNKNOWN_TASK("unknown-task"),
    /** {@code id} is missing, blank or too long. */
    INVALID_ID("invalid-id"),
    /** {@code text} (or {@code textPair} of a pair task) is missing or empty after normalisation. */
    EMPTY_TEXT("empty-text"),
    /** A text is longer than the task allows. */
    TEXT_TOO_LONG("text-too-long"),
    /** {@code textPair} came for a task of single texts. */
    UNEXPECTED_PAIR("unexpected-pair"),
    /** {@code label} is missing. */
    MISSING_LABEL("missing-label"),
    /** {@code label} is not one of the task's labels. */
    UNKNOWN_LABEL("unknown-label"),
    /** {@code label} is not a number in a regression task, or it is new and cannot name a class. */
    INVALID_LABEL("invalid-label"),
    /** By the trainer: {@code label} is new, and the head has grown to the task's {@code maxLabels}. */
    TOO_MANY_LABELS("too-many-labels"),
    /** The text is in a probe set of the task: training on it would make the evaluation dishonest. */
    IN_PROBE_SET("in-probe-set"),
    /** The id was seen with different content within the de-duplication window. */
    CONFLICTING_ID("conflicting-id"),
    /** A schema registry does not know the schema of the value, or its schema is of another kind than configured or cannot be read. */
    UNKNOWN_SCHEMA("unknown-schema"),
    /** The value does not fit its schema, or has no schema id before it. */
    UNDECODABLE("undecodable"),
    /** A text whose label did not come within the window of its source. */
    UNLABELLED("unlabelled"),
    /** A label whose text did not come within the window of its source. */
    LABEL_WITHOUT_TEXT("label-without-text"),
    /** By the trainer: the mini-batch that held the example had a loss or a gradient that was not finite. */
    NOT_FINITE("not-finite"),
    /** By the trainer: the example was trained, and undone because the loss exploded. */
    LOSS_EXPLOSION("loss-explosion"),
    /** By the trainer: the example was trained, and undone because the policy returned to the newest promoted checkpoint. */
    RETURNED_TO_CHAMPION("returned-to-champion");

    private final String wireName;

    RejectionReason(String wireName) {
        this.wireName = wireName;
    }

    /** The word on the wire and in the metric tag {@code reason}. */
    public String wireName() {
        return wireName;
    }
}
