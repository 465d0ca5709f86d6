package io.millrace.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.json.Json;
import org.apache.avro.Schema;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads a value in Avro's binary encoding, with the schema that it was written with, as JSON: records and maps are objects,
 * arrays are arrays, enums and strings are strings, and of a union only the value appears. Logical types are those of
 * {@link AvroLogicalValue}; other bytes are Base64.
 *
 * <p>It reads straight into JSON, and bounds how deep a value is nested: with a schema that refers to itself, Avro's own reader
 * ends in an overflow of the stack.
 */
final class AvroValue {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Items of arrays and maps in one value that may take no byte at all, such as nulls. */
    private static final int MAX_EMPTY_ITEMS = 10_000;

    private final AvroBytes bytes;
    private int emptyItems;

    private AvroValue(AvroBytes bytes) {
        this.bytes = bytes;
    }

    static JsonNode read(Schema schema, ByteBuffer body) throws UndecodableException {
        AvroBytes bytes = new AvroBytes(body);
        JsonNode value = new AvroValue(bytes).read(schema, 0);
        if (bytes.remaining() > 0) {
            throw AvroBytes.fault("the end of the value", bytes.remaining() + " more bytes");
        }
        return value;
    }

    private JsonNode read(Schema schema, int depth) throws UndecodableException {
        if (depth > Json.MAX_NESTING_DEPTH) {
            throw new UndecodableException(
                    RejectionReason.UNDECODABLE,
                    "value: expected at most " + Json.MAX_NESTING_DEPTH + " levels, got more");
        }
        return switch (schema.getType()) {
            case NULL -> JSON.nullNode();
            case BOOLEAN -> JSON.booleanNode(bytes.readBoolean());
            case INT -> AvroLogicalValue.ofNumber(schema, bytes.readInt());
            case LONG -> AvroLogicalValue.ofNumber(schema, bytes.readLong());
            case FLOAT -> number(bytes.readFloat());
            case DOUBLE -> number(bytes.readDouble());
            case STRING -> JSON.textNode(bytes.readString());
            case BYTES -> AvroLogicalValue.ofBytes(schema, bytes.readBytes());
            case FIXED -> AvroLogicalValue.ofBytes(schema, bytes.read(schema.getFixedSize()));
            case ENUM -> JSON.textNode(chosen(schema.getEnumSymbols(), "symbol of an enum"));
            case UNION -> read(chosen(schema.getTypes(), "branch of a union"), depth);
            case RECORD -> record(schema, depth);
            case ARRAY -> array(schema.getElementType(), depth);
            case MAP -> map(schema.getValueType(), depth);
        };
    }

    private ObjectNode record(Schema schema, int depth) throws UndecodableException {
        ObjectNode object = JSON.objectNode();
        for (Schema.Field field : schema.getFields()) {
            object.set(field.name(), read(field.schema(), depth + 1));
        }
        return object;
    }

    private ArrayNode array(Schema items, int depth) throws UndecodableException {
        ArrayNode array = JSON.arrayNode();
        for (long count = blockCount(); count > 0; count = blockCount()) {
            for (long i = 0; i < count; i++) {
                int before = bytes.remaining();
                array.add(read(items, depth + 1));
                boundEmptyItems(before);
            }
        }
        return array;
    }

    private ObjectNode map(Schema values, int depth) throws UndecodableException {
        ObjectNode object = JSON.objectNode();
        for (long count = blockCount(); count > 0; count = blockCount()) {
            for (long i = 0; i < count; i++) {
                // A key takes at least one byte, so that the bytes bound the entries.
                object.set(bytes.readString(), read(values, depth + 1));
            }
        }
        return object;
    }

    /** The items of the next block; a negative count is followed by the block's length in bytes. */
    private long blockCount() throws UndecodableException {
        long count = bytes.readLong();
        if (count >= 0) {
            return count;
        }
        bytes.readLong();
        if (count == Long.MIN_VALUE) {
            throw AvroBytes.fault("a number of items", Long.toString(count));
        }
        return -count;
    }

    private void boundEmptyItems(int remainingBefore) throws UndecodableException {
        emptyItems += remainingBefore == bytes.remaining() ? 1 : 0;
        if (emptyItems > MAX_EMPTY_ITEMS) {
            throw AvroBytes.fault("at most " + MAX_EMPTY_ITEMS + " items without content", "more");
        }
    }

    private <T> T chosen(List<T> choices, String name) throws UndecodableException {
        long index = bytes.readLong();
        if (index < 0 || index >= choices.size()) {
            throw AvroBytes.fault("the number of a " + name + " below " + choices.size(), Long.toString(index));
        }
        return choices.get((int) index);
    }

    /** JSON has no word for what is not finite: those are strings, as {@code "NaN"}. */
    private static JsonNode number(double value) {
        return Double.isFinite(value) ? JSON.numberNode(value) : JSON.textNode(Double.toString(value));
    }

    private static JsonNode number(float value) {
        return Float.isFinite(value) ? JSON.numberNode(value) : JSON.textNode(Float.toString(value));
    }
}
