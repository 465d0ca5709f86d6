package io.millrace.ingest.source;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingest.decode.StrictJson;
import io.millrace.ingest.decode.UndecodableException;
import io.millrace.schemas.RejectionReason;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How a record names its task: by a constant, a field or its key.
 *
 * @param constant the task of all records; null if they differ
 * @param pointer the field; empty if it is the key
 * @param byKey whether the key names it
 */
record TaskOfRecord(byte @Nullable [] constant, Optional<JsonPointer> pointer, boolean byKey) {

    static TaskOfRecord of(SourceConfig config) {
        Optional<JsonPointer> pointer = Pointers.of(config.fields().task());
        return new TaskOfRecord(constantOf(config), pointer, config.task().isEmpty() && pointer.isEmpty());
    }

    static TaskOfRecord ofLabels(SourceConfig config) {
        return new TaskOfRecord(constantOf(config), Optional.empty(), false);
    }

    byte @Nullable [] withoutValue(byte @Nullable [] key) {
        return byKey ? key : constant;
    }

    byte @Nullable [] of(byte @Nullable [] key, JsonNode value) throws UndecodableException {
        if (pointer.isEmpty()) {
            return withoutValue(key);
        }
        JsonNode task = value.at(pointer.get());
        if (!task.isTextual()) {
            throw new UndecodableException(
                    RejectionReason.UNKNOWN_TASK,
                    "task: expected a string at " + pointer.get() + ", got "
                            + (task.isMissingNode() ? "none" : StrictJson.typeOf(task)));
        }
        return task.textValue().getBytes(StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] constantOf(SourceConfig config) {
        return config.task().isEmpty() ? null : config.task().getBytes(StandardCharsets.UTF_8);
    }
}
