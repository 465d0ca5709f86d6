package io.millrace.schemas.kafka;

import io.millrace.schemas.json.Json;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

import java.io.IOException;
import java.util.Objects;

/** Kafka's serializer and deserializer for one record type, as UTF-8 JSON. Null stays null (a tombstone). */
public final class JsonSerde<T> implements Serde<T> {

    private final Class<T> type;

    public JsonSerde(Class<T> type) {
        this.type = Objects.requireNonNull(type, "type");
    }

    @Override
    public Serializer<T> serializer() {
        return (topic, value) -> {
            if (value == null) {
                return null;
            }
            try {
                return Json.mapper().writeValueAsBytes(value);
            } catch (IOException e) {
                throw new SerializationException(
                        "cannot write " + type.getSimpleName() + " for topic " + topic + ": " + e.getMessage(), e);
            }
        };
    }

    /** Reads the type; other bytes raise {@link SerializationException} with topic, type and cause. */
    @Override
    public Deserializer<T> deserializer() {
        return (topic, bytes) -> {
            if (bytes == null) {
                return null;
            }
            String fault = "record on topic " + topic + " is not a " + type.getSimpleName() + ": ";
            T value;
            try {
                value = Json.mapper().readValue(bytes, type);
            } catch (IOException e) {
                throw new SerializationException(fault + Json.fault(e), e);
            }
            if (value == null) {
                // The four bytes "null" are not a tombstone.
                throw new SerializationException(fault + "the value is JSON null");
            }
            return value;
        };
    }
}
