package io.millrace.app.tail;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.json.Json;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A record as JSON. Its value is in one of three forms.
 *
 * @param topic its topic's name on the broker
 * @param partition its partition
 * @param offset its offset
 * @param time its timestamp
 * @param key its key; absent if it has none
 * @param headers its headers as text; of those of one name the last
 * @param value its value, if that is JSON
 * @param text its value, if that is UTF-8 but not JSON
 * @param base64 its value in Base64, if it is neither
 */
public record TailedRecord(
        String topic,
        int partition,
        long offset,
        Instant time,
        @Nullable String key,
        Map<String, String> headers,
        @Nullable JsonNode value,
        @Nullable String text,
        @Nullable String base64) {

    static TailedRecord of(ConsumerRecord<String, byte[]> record) {
        byte[] bytes = record.value();
        JsonNode json = bytes == null ? null : json(bytes);
        String text = bytes == null || json != null ? null : text(bytes);
        return new TailedRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                record.key(),
                headers(record),
                json,
                text,
                bytes == null || json != null || text != null
                        ? null
                        : Base64.getEncoder().encodeToString(bytes));
    }

    private static Map<String, String> headers(ConsumerRecord<String, byte[]> record) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8));
        }
        return headers;
    }

    private static @Nullable JsonNode json(byte[] bytes) {
        try {
            JsonNode json = Json.mapper().readTree(bytes);
            return json == null || json.isMissingNode() ? null : json;
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
