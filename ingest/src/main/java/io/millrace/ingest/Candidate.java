package io.millrace.ingest;

import io.millrace.schemas.Origin;
import org.jspecify.annotations.Nullable;

/**
 * One record of {@code examples} on its way through ingest; its key and headers stay those of the Kafka record.
 *
 * @param value its original value; may be null
 * @param origin where it came from
 * @param validation the result so far
 */
record Candidate(byte @Nullable [] value, Origin origin, Validation validation) {

    Candidate with(Validation validation) {
        return new Candidate(value, origin, validation);
    }
}
