package io.millrace.schemas.kafka;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Headers of a CloudEvents 1.0 event in Kafka's binary content mode. */
public final class CloudEvents {

    private static final String TYPE_PREFIX = "io.millrace.";

    private CloudEvents() {}

    /**
     * The headers of one event.
     *
     * @param kind topic-like kind and outcome, as {@code model-update.promoted}; becomes {@code io.millrace.…}
     * @param source its writer, a URI reference such as {@code /evaluator/intent}
     * @param id unique for the source; the same if the same event is written again
     * @param subject what it is about, as {@code checkpoint-000120}
     * @param time when it happened
     */
    public static List<Header> headers(String kind, String source, String id, String subject, Instant time) {
        List<Header> headers = new ArrayList<>();
        headers.add(header("ce_specversion", "1.0"));
        headers.add(header("ce_type", TYPE_PREFIX + kind));
        headers.add(header("ce_source", source));
        headers.add(header("ce_id", id));
        headers.add(header("ce_subject", subject));
        headers.add(header("ce_time", time.toString()));
        headers.add(header("content-type", "application/json"));
        return headers;
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
