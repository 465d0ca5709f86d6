package io.millrace.app.upgrade;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A record of a stored stream: a line of {@code records.jsonl.gz}. Everything that a recorded stream holds is text.
 *
 * @param timestampMs milliseconds since the epoch
 * @param value null for a tombstone
 */
record StoredRecord(
        String topic,
        int partition,
        long offset,
        long timestampMs,
        String key,
        String value,
        Map<String, String> headers) {

    static StoredRecord of(ConsumerRecord<String, byte[]> record) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), UTF_8));
        }
        return new StoredRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.key(),
                record.value() == null ? null : new String(record.value(), UTF_8),
                headers);
    }

    /** The record to send, {@code laterMs} later than it was. */
    ProducerRecord<String, byte[]> sent(long laterMs) {
        List<Header> all = new ArrayList<>();
        headers.forEach((name, text) -> all.add(new RecordHeader(name, text.getBytes(UTF_8))));
        return new ProducerRecord<>(
                topic, partition, timestampMs + laterMs, key, value == null ? null : value.getBytes(UTF_8), all);
    }
}
