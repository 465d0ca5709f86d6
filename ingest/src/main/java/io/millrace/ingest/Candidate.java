package io.millrace.ingest;

import io.millrace.schemas.Origin;
import io.millrace.schemas.kafka.RejectedRecords.Raw;
import org.jspecify.annotations.Nullable;

/**
 * One record of {@code examples} or of a source on its way through ingest. The key of the Kafka record is the task, its headers
 * are those that came.
 *
 * @param value its value as on {@code examples}, or the example that was mapped; may be null
 * @param origin where it came from
 * @param validation the result so far
 * @param whole the record as it came, if it is rejected before anything of it was passed on, and its key or value is another
 *     than here
 */
record Candidate(byte @Nullable [] value, Origin origin, Validation validation, @Nullable Raw whole) {

    Candidate(byte @Nullable [] value, Origin origin, Validation validation) {
        this(value, origin, validation, null);
    }

    Candidate with(Validation validation) {
        return new Candidate(value, origin, validation, whole);
    }
}
