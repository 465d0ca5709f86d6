package io.millrace.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import io.millrace.schemas.Origin;
import io.millrace.schemas.json.Json;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A record of {@code examples} on its way to the partition of its task. On the internal topic it is the origin as one
 * line of JSON, followed by the value byte for byte: a record that is rejected later must be passed on unchanged.
 *
 * @param origin where it came from
 * @param value its original value
 */
record ExampleRecord(Origin origin, byte[] value) {

    static final Serde<ExampleRecord> SERDE = Serdes.serdeFrom(
            (topic, example) -> example == null ? null : example.toBytes(), (topic, bytes) -> of(topic, bytes));

    private static final ObjectReader ORIGINS = Json.mapper().readerFor(Origin.class);
    private static final String TOPIC = "{\"topic\":\"";
    private static final String PARTITION = "\",\"partition\":";
    private static final String OFFSET = ",\"offset\":";
    private static final String TIMESTAMP = ",\"timestampMs\":";
    private static final byte LINE_END = '\n';

    private byte[] toBytes() {
        // As JSON; names of topics need no escapes.
        byte[] line = (TOPIC
                        + origin.topic()
                        + PARTITION
                        + origin.partition()
                        + OFFSET
                        + origin.offset()
                        + TIMESTAMP
                        + origin.timestampMs()
                        + '}')
                .getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Arrays.copyOf(line, line.length + 1 + value.length);
        bytes[line.length] = LINE_END;
        System.arraycopy(value, 0, bytes, line.length + 1, value.length);
        return bytes;
    }

    private static ExampleRecord of(String topic, byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != LINE_END) {
            end++;
        }
        if (end == bytes.length) {
            throw notOurs(topic, "it has no line with the origin", null);
        }
        try {
            Origin origin = ORIGINS.readValue(bytes, 0, end);
            return new ExampleRecord(origin, Arrays.copyOfRange(bytes, end + 1, bytes.length));
        } catch (JsonProcessingException e) {
            throw notOurs(topic, e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw notOurs(topic, String.valueOf(e.getMessage()), e);
        }
    }

    private static SerializationException notOurs(String topic, String fault, @Nullable IOException cause) {
        return new SerializationException(
                "a record on the internal topic " + topic + " was not written by ingest: " + fault
                        + ". Nothing else may write there.",
                cause);
    }
}
