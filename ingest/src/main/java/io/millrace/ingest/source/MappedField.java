package io.millrace.ingest.source;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingest.decode.UndecodableException;
import io.millrace.schemas.RejectionReason;
import org.jspecify.annotations.Nullable;

/**
 * One field of an example and its place in the records of a source.
 *
 * @param name of the field
 * @param pointer where it is
 * @param type what may be there
 * @param ifMissing why a record without it is rejected; null if it may be missing
 */
record MappedField(String name, JsonPointer pointer, FieldType type, @Nullable RejectionReason ifMissing) {

    /** Its text; null if it is missing and may be. */
    @Nullable
    String read(JsonNode value) throws UndecodableException {
        JsonNode node = value.at(pointer);
        if (!node.isMissingNode() && !node.isNull()) {
            return type.read(name + " at " + pointer, node);
        }
        if (ifMissing == null) {
            return null;
        }
        throw new UndecodableException(
                ifMissing,
                name + ": expected " + type.words() + " at " + pointer + ", got " + (node.isNull() ? "null" : "none"));
    }
}
