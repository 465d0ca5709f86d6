package io.millrace.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.FileDescriptor;
import org.apache.avro.Schema;

import java.nio.ByteBuffer;

/** Turns the value of a record into JSON. An instance belongs to one thread. */
@FunctionalInterface
public interface ValueDecoder {

    /**
     * The value as JSON.
     *
     * @throws UndecodableException if the value is at fault; the record is rejected
     * @throws RegistryAwayException if a schema that it needs could not be had; no record is at fault
     */
    JsonNode decode(byte[] value) throws UndecodableException;

    /** Plain JSON. */
    static ValueDecoder json() {
        return value -> StrictJson.read(ByteBuffer.wrap(value), "one JSON value");
    }

    /** JSON behind a schema id. JSON needs no schema to be read, so the registry is not asked. */
    static ValueDecoder framedJson() {
        return value -> StrictJson.read(SchemaFrame.of(value).body(), "one JSON value behind the schema id");
    }

    /** Avro's binary encoding behind a schema id. */
    static ValueDecoder avro(SchemaRegistry registry) {
        SchemaCache<Schema> schemas = new SchemaCache<>(registry, "AVRO", AvroSchemas::parse);
        return value -> {
            SchemaFrame frame = SchemaFrame.of(value);
            return AvroValue.read(schemas.of(frame.schemaId()), frame.body());
        };
    }

    /** Protobuf's encoding behind a schema id. */
    static ValueDecoder protobuf(SchemaRegistry registry) {
        SchemaCache<FileDescriptor> schemas = new SchemaCache<>(registry, "PROTOBUF", ProtobufSchemas::parse);
        return value -> {
            SchemaFrame frame = SchemaFrame.of(value);
            return ProtobufValue.read(schemas.of(frame.schemaId()), frame.body());
        };
    }
}
