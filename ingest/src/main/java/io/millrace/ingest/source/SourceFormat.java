package io.millrace.ingest.source;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.ingest.decode.SchemaRegistry;
import io.millrace.ingest.decode.ValueDecoder;

/** How the values of a topic are encoded. */
public enum SourceFormat {
    /** One JSON value. */
    @JsonProperty("json")
    JSON(false),
    /** A zero byte, the id of a schema in four bytes, and one JSON value. */
    @JsonProperty("json-schema")
    JSON_SCHEMA(false),
    /** A zero byte, the id of a schema in four bytes, and Avro's binary encoding. */
    @JsonProperty("avro")
    AVRO(true),
    /** A zero byte, the id of a schema in four bytes, the indexes of the message, and Protobuf's encoding. */
    @JsonProperty("protobuf")
    PROTOBUF(true);

    private final boolean needsRegistry;

    SourceFormat(boolean needsRegistry) {
        this.needsRegistry = needsRegistry;
    }

    /** Whether values can only be read with schemas of a registry. */
    public boolean needsRegistry() {
        return needsRegistry;
    }

    /** A new decoder, for one thread. */
    ValueDecoder decoder(SchemaRegistry registry) {
        return switch (this) {
            case JSON -> ValueDecoder.json();
            case JSON_SCHEMA -> ValueDecoder.framedJson();
            case AVRO -> ValueDecoder.avro(registry);
            case PROTOBUF -> ValueDecoder.protobuf(registry);
        };
    }
}
