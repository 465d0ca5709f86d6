package io.millrace.schemas.kafka;

import io.millrace.schemas.Origin;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.text.LogSafe;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the record for {@code rejected-examples}: the original key, value and headers, and {@link RejectionHeaders}.
 * Headers with reserved names are removed: the producer of the record could otherwise forge those of Millrace, of Kafka's
 * errors or of CloudEvents.
 *
 * <p>A record that is too large for the topic is cut to fit, without its own headers, and the message says so: the producer
 * would fail on it, and under exactly-once a failed record fails its whole transaction, again after every restart. The whole
 * record is still at the topic and offset that the headers name.
 */
public final class RejectedRecords {

    /** Longest message, in UTF-16 units. */
    public static final int MAX_MESSAGE_CHARS = 512;

    private static final String CUT = " (cut: see the record at this topic, partition and offset)";

    private static final int MAX_CUT_KEY_BYTES = 1024;

    /** More than any configured task's name has: what a record names may be anything. */
    private static final int MAX_TASK_BYTES = 256;

    /** More than the frame of a batch with one record in it takes. */
    private static final long FRAME_BYTES = 128;

    /** More than the frame of one header takes. */
    private static final int HEADER_FRAME_BYTES = 16;

    /** In any letter case: a bridge to HTTP, for example, may not distinguish the cases. */
    private static final List<String> RESERVED_PREFIXES = List.of("millrace.", "__streams.errors.", "ce_");

    private final int maxBytes;

    /**
     * A record, before and after.
     *
     * @param key its key; may be null
     * @param value its value; may be null
     * @param headers its headers
     */
    public record Raw(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {}

    /** {@code maxBytes}: largest batch that the topic takes, as {@link MessageLimits} reads it. */
    public RejectedRecords(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * The record to send for a rejected one, whose key is its task.
     *
     * @param record the original
     * @param origin where it came from
     * @param reason why it is rejected, as a word
     * @param detail why, as a sentence for people
     */
    public Raw of(Raw record, Origin origin, RejectionReason reason, String detail) {
        return of(record, record.key(), origin, reason, detail);
    }

    /**
     * The same for a record whose key may be something else.
     *
     * @param task name of its task in UTF-8; null if it is not known
     */
    public Raw of(Raw record, byte @Nullable [] task, Origin origin, RejectionReason reason, String detail) {
        String message = LogSafe.line(detail, MAX_MESSAGE_CHARS);
        Headers headers = foreign(record.headers());
        addReason(headers, origin, reason, message);
        addTask(headers, record, task);
        long bytes = FRAME_BYTES + length(record.key()) + length(record.value()) + length(headers);
        return bytes <= maxBytes
                ? new Raw(record.key(), record.value(), headers)
                : cut(record, task, origin, reason, message + CUT);
    }

    /** The task of a record of {@code rejected-examples} with this key; null if none is known. */
    public static @Nullable String taskOf(@Nullable String key, Headers headers) {
        Header task = headers.lastHeader(RejectionHeaders.TASK);
        return task == null || task.value() == null ? key : new String(task.value(), StandardCharsets.UTF_8);
    }

    /** Whether a record of {@code rejected-examples} was cut: then it is not the one that was rejected. */
    public static boolean isCut(Headers headers) {
        Header message = headers.lastHeader(RejectionHeaders.MESSAGE);
        return message != null
                && message.value() != null
                && new String(message.value(), StandardCharsets.UTF_8).endsWith(CUT);
    }

    /** The headers of a rejected record without those that Millrace gave it, and without any that it could be fooled by. */
    public static Headers own(Headers rejected) {
        return foreign(rejected);
    }

    private Raw cut(Raw record, byte @Nullable [] task, Origin origin, RejectionReason reason, String message) {
        Headers headers = new RecordHeaders();
        addReason(headers, origin, reason, message);
        addTask(headers, record, task);
        byte @Nullable [] key = atMost(MAX_CUT_KEY_BYTES, record.key());
        long room = maxBytes - FRAME_BYTES - length(headers) - length(key);
        return new Raw(key, atMost(room, record.value()), headers);
    }

    /** One pass: removing headers one by one would take time that grows with the square of their number. */
    private static Headers foreign(Headers all) {
        Headers foreign = new RecordHeaders();
        for (Header header : all) {
            if (!isReserved(header.key())) {
                foreign.add(header);
            }
        }
        return foreign;
    }

    private static boolean isReserved(String name) {
        return RESERVED_PREFIXES.stream().anyMatch(prefix -> name.regionMatches(true, 0, prefix, 0, prefix.length()));
    }

    private static void addReason(Headers headers, Origin origin, RejectionReason reason, String message) {
        add(headers, RejectionHeaders.REASON, reason.wireName());
        add(headers, RejectionHeaders.MESSAGE, message);
        add(headers, RejectionHeaders.TOPIC, origin.topic());
        add(headers, RejectionHeaders.PARTITION, Integer.toString(origin.partition()));
        add(headers, RejectionHeaders.OFFSET, Long.toString(origin.offset()));
    }

    private static void addTask(Headers headers, Raw record, byte @Nullable [] task) {
        if (task != null && task.length <= MAX_TASK_BYTES && !Arrays.equals(task, record.key())) {
            headers.add(RejectionHeaders.TASK, task);
        }
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static byte @Nullable [] atMost(long bytes, byte @Nullable [] whole) {
        return whole == null || whole.length <= bytes ? whole : Arrays.copyOf(whole, (int) bytes);
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static long length(Headers headers) {
        long bytes = 0;
        for (Header header : headers) {
            // A character of a name takes at most three bytes.
            bytes += HEADER_FRAME_BYTES + 3L * header.key().length() + length(header.value());
        }
        return bytes;
    }
}
