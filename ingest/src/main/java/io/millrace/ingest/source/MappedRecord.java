package io.millrace.ingest.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingest.decode.UndecodableException;
import org.jspecify.annotations.Nullable;

/**
 * What a record of a source became.
 *
 * @param task key of its task, as far as it is known; null if there is none
 * @param example the example as JSON, in the fields of {@link io.millrace.schemas.LabelledExample}: of a topic of labels only
 *     {@code id} and {@code label}; empty if there is a fault
 * @param fault why it is no example; null if it is one
 */
public record MappedRecord(byte @Nullable [] task, ObjectNode example, @Nullable UndecodableException fault) {}
