package io.millrace.app.rejected;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.text.LogSafe;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A rejected record, cut to what a row shows: records may be large, and their bytes come from anybody.
 *
 * @param timeMs timestamp of the record, in milliseconds since 1970
 * @param partition its partition on {@code rejected-examples}
 * @param offset its offset there
 * @param cells the cells, as {@link #HEADER} names them
 */
public record RejectedRow(long timeMs, int partition, long offset, List<String> cells)
        implements Comparable<RejectedRow> {

    public static final List<String> HEADER =
            List.of("time", "reason", "topic", "partition", "offset", "id", "message", "text");

    private static final Comparator<RejectedRow> BY_TIME = Comparator.comparingLong(RejectedRow::timeMs)
            .thenComparingInt(RejectedRow::partition)
            .thenComparingLong(RejectedRow::offset);

    private static final int MAX_NAME_CHARS = 40;
    private static final int MAX_MESSAGE_CHARS = 120;
    private static final int MAX_TEXT_CHARS = 60;

    /** A value longer than this is shown as bytes, not parsed: no example is that long. */
    private static final int MAX_PARSED_BYTES = 1 << 20;

    private static final String NONE = "-";

    /**
     * The row as JSON, with the same cuts.
     *
     * @param time when it was rejected
     * @param reason why
     * @param topic the topic that it came from
     * @param partition the partition there
     * @param offset the offset there
     * @param id the example's id; {@code -} if it has none
     * @param message why, as a sentence
     * @param text the beginning of its text
     */
    record Answer(
            String time,
            String reason,
            String topic,
            String partition,
            String offset,
            String id,
            String message,
            String text) {}

    Answer answer() {
        return new Answer(
                cells.get(0),
                cells.get(1),
                cells.get(2),
                cells.get(3),
                cells.get(4),
                cells.get(5),
                cells.get(6),
                cells.get(7));
    }

    /** Cuts a record to a row. */
    public static RejectedRow of(ConsumerRecord<String, byte[]> record) {
        byte[] value = record.value() == null ? new byte[0] : record.value();
        JsonNode example = example(value);
        return new RejectedRow(
                record.timestamp(),
                record.partition(),
                record.offset(),
                List.of(
                        Instant.ofEpochMilli(record.timestamp())
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString(),
                        reason(record),
                        header(record, RejectionHeaders.TOPIC, MAX_NAME_CHARS),
                        header(record, RejectionHeaders.PARTITION, MAX_NAME_CHARS),
                        header(record, RejectionHeaders.OFFSET, MAX_NAME_CHARS),
                        field(example, "id", MAX_NAME_CHARS, NONE),
                        header(record, RejectionHeaders.MESSAGE, MAX_MESSAGE_CHARS),
                        field(example, "text", MAX_TEXT_CHARS, beginning(value))));
    }

    /** The reason in a record's header. */
    public static String reason(ConsumerRecord<String, byte[]> record) {
        return header(record, RejectionHeaders.REASON, MAX_NAME_CHARS);
    }

    /** The example's id, if the value is one that has it. */
    static Optional<String> id(ConsumerRecord<String, byte[]> record) {
        JsonNode id =
                example(record.value() == null ? new byte[0] : record.value()).path("id");
        return id.isTextual() ? Optional.of(id.asText()) : Optional.empty();
    }

    /** The header of this name as text; empty if there is none. */
    static String text(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** The header of this name, if it is a number that is not negative. */
    static Optional<Long> number(ConsumerRecord<String, byte[]> record, String name) {
        String text = text(record, name);
        return text.matches("\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    @Override
    public int compareTo(RejectedRow other) {
        return BY_TIME.compare(this, other);
    }

    /** The fields of the example: those of the record, or of what ingest had accepted, before the trainer rejected it. */
    private static JsonNode example(byte[] value) {
        if (value.length == 0 || value.length > MAX_PARSED_BYTES) {
            return MissingNode.getInstance();
        }
        try {
            JsonNode whole = Json.mapper().readTree(value);
            return whole.path("example").isObject() ? whole.path("example") : whole;
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static String field(JsonNode example, String name, int maxChars, String without) {
        JsonNode field = example.path(name);
        return field.isValueNode() && !field.isNull() ? LogSafe.line(field.asText(), maxChars) : without;
    }

    private static String beginning(byte[] value) {
        if (value.length == 0) {
            return NONE;
        }
        // One character more than fits, at up to four bytes each, so that the cut is marked.
        int length = Math.min(value.length, 4 * (MAX_TEXT_CHARS + 1));
        return LogSafe.line(new String(value, 0, length, StandardCharsets.UTF_8), MAX_TEXT_CHARS);
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name, int maxChars) {
        String text = text(record, name);
        return text.isEmpty() ? NONE : LogSafe.line(text, maxChars);
    }
}
