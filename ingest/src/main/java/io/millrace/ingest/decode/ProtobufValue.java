package io.millrace.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.WrappersProto;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.json.Json;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * Reads a Protobuf message as JSON, its fields under their names in the .proto file. A field that says whether it was set is
 * left out if it was not; others have their default. Enums are the names of their values, bytes are Base64, a {@code
 * google.protobuf.Timestamp} is an instant, wrappers such as {@code StringValue} are what they wrap.
 */
final class ProtobufValue {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(Long.SIZE);

    private ProtobufValue() {}

    /**
     * Reads a value behind Confluent's frame.
     *
     * @param body the message behind its type, see {@link ProtobufType}
     */
    static JsonNode read(FileDescriptor file, ByteBuffer body) throws UndecodableException {
        CodedInputStream in = CodedInputStream.newInstance(body.duplicate());
        in.setRecursionLimit(Json.MAX_NESTING_DEPTH);
        try {
            DynamicMessage.Builder message = DynamicMessage.newBuilder(ProtobufType.read(file, body, in));
            message.mergeFrom(in);
            in.checkLastTagWas(0);
            return json(message.build());
        } catch (IOException | RuntimeException e) {
            // The library throws RuntimeException for messages without required fields.
            throw new UndecodableException(
                    RejectionReason.UNDECODABLE,
                    "value: expected a Protobuf message as its schema says, got what is none: " + e.getMessage());
        }
    }

    private static JsonNode json(Message message) {
        Descriptor type = message.getDescriptorForType();
        if (type.getFullName().equals("google.protobuf.Timestamp")) {
            return timestamp(message, type);
        }
        if (type.getFile().getName().equals(WrappersProto.getDescriptor().getName())) {
            FieldDescriptor wrapped = type.getFields().get(0);
            return json(wrapped, message.getField(wrapped));
        }
        ObjectNode object = JSON.objectNode();
        for (FieldDescriptor field : type.getFields()) {
            if (field.isRepeated() ? message.getRepeatedFieldCount(field) > 0 : isThere(message, field)) {
                object.set(field.getName(), ofField(field, message));
            }
        }
        return object;
    }

    private static boolean isThere(Message message, FieldDescriptor field) {
        return !field.hasPresence() || message.hasField(field);
    }

    private static JsonNode ofField(FieldDescriptor field, Message message) {
        if (!field.isRepeated()) {
            return json(field, message.getField(field));
        }
        ArrayNode array = JSON.arrayNode();
        ObjectNode map = JSON.objectNode();
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
            Object item = message.getRepeatedField(field, i);
            if (field.isMapField() && item instanceof Message entry) {
                List<FieldDescriptor> sides = field.getMessageType().getFields();
                map.set(
                        json(sides.get(0), entry.getField(sides.get(0))).asText(),
                        json(sides.get(1), entry.getField(sides.get(1))));
            } else {
                array.add(json(field, item));
            }
        }
        return field.isMapField() ? map : array;
    }

    private static JsonNode json(FieldDescriptor field, Object value) {
        return switch (field.getType()) {
            case DOUBLE, FLOAT -> floating((Number) value);
            case INT32, SINT32, SFIXED32 -> JSON.numberNode((Integer) value);
            case UINT32, FIXED32 -> JSON.numberNode(Integer.toUnsignedLong((Integer) value));
            case INT64, SINT64, SFIXED64 -> JSON.numberNode((Long) value);
            case UINT64, FIXED64 -> unsigned((Long) value);
            case BOOL -> JSON.booleanNode((Boolean) value);
            case STRING -> JSON.textNode((String) value);
            case BYTES -> JSON.textNode(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
            case ENUM -> enumValue((EnumValueDescriptor) value);
            case MESSAGE, GROUP -> json((Message) value);
        };
    }

    /** JSON has no word for what is not finite: those are strings, as {@code "NaN"}. */
    private static JsonNode floating(Number value) {
        if (!Double.isFinite(value.doubleValue())) {
            return JSON.textNode(value.toString());
        }
        return value instanceof Float single ? JSON.numberNode(single) : JSON.numberNode(value.doubleValue());
    }

    private static JsonNode unsigned(long value) {
        return value >= 0
                ? JSON.numberNode(value)
                : JSON.numberNode(BigInteger.valueOf(value).add(TWO_TO_64));
    }

    /** A number that the schema does not name stays a number. */
    private static JsonNode enumValue(EnumValueDescriptor value) {
        return value.getIndex() < 0 ? JSON.numberNode(value.getNumber()) : JSON.textNode(value.getName());
    }

    private static JsonNode timestamp(Message message, Descriptor type) {
        long seconds = (Long) message.getField(type.findFieldByNumber(1));
        int nanos = (Integer) message.getField(type.findFieldByNumber(2));
        try {
            return JSON.textNode(Instant.ofEpochSecond(seconds, nanos).toString());
        } catch (DateTimeException | ArithmeticException e) {
            return JSON.objectNode().put("seconds", seconds).put("nanos", nanos);
        }
    }
}
