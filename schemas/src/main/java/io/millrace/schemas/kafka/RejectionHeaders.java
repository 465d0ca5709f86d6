package io.millrace.schemas.kafka;

import io.millrace.schemas.RejectionReason;

/**
 * Header names on {@code rejected-examples}: for records that ingest rejects from {@code examples}, and the trainer from
 * {@code accepted-examples} and {@code texts}. The {@code __streams.errors.*} names are those of KIP-1034.
 */
public final class RejectionHeaders {

    /** A {@link RejectionReason#wireName()}. */
    public static final String REASON = "millrace.reason";

    public static final String MESSAGE = "__streams.errors.message";
    public static final String TOPIC = "__streams.errors.topic";
    public static final String PARTITION = "__streams.errors.partition";
    public static final String OFFSET = "__streams.errors.offset";

    /** The task, where it is known and the record's key is another: on records of sources, which keep the keys of others. */
    public static final String TASK = "millrace.task";

    /** On {@code examples}: the rejected record that was sent again, as {@code topic/partition/offset}. */
    public static final String REPLAYED_FROM = "millrace.replayed-from";

    private RejectionHeaders() {}
}
