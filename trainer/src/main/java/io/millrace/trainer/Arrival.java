package io.millrace.trainer;

import com.fasterxml.jackson.core.JacksonException;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.Json;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Task;

import java.io.IOException;
import java.util.Optional;

/**
 * A record of {@code accepted-examples} as it came.
 *
 * @param offset its offset
 * @param value its bytes; null for a tombstone
 */
record Arrival(long offset, byte[] value) {

    /** Why {@link #example} gives none. */
    static final String PROBLEM = "not an accepted example of this task with one of its labels";

    /** The example, if the record holds one that the task can train on. Ingest writes no other. */
    Optional<LabelledExample> example(Task task) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            AcceptedExample accepted = Json.mapper().readValue(value, AcceptedExample.class);
            return Optional.ofNullable(accepted)
                    .map(AcceptedExample::example)
                    .filter(example -> example.text() != null && task.labels().contains(example.label()));
        } catch (JacksonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read bytes in memory", e);
        }
    }
}
