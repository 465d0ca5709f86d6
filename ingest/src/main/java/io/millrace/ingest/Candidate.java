package io.millrace.ingest;

import io.millrace.schemas.Origin;
import org.jspecify.annotations.Nullable;

/**
 * One record of {@code examples} on its way through ingest; its key and headers stay those of the Kafka record.
 *
 * @param value its value as it came, null included
 * @param origin where it came from
 * @param validation what ingest makes of it so far
 */
record Candidate(byte @Nullable [] value, Origin origin, Validation validation) {

    Candidate with(Validation validation) {
        return new Candidate(value, origin, validation);
    }
}
