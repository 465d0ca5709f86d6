package io.millrace.app.rejected;

import io.millrace.ingest.file.LineCheck;
import io.millrace.ingest.file.LineFault;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Chooses the rejected records that are sent again. Each names in {@link RejectionHeaders#REPLAYED_FROM} the rejected record that it is,
 * so a second replay finds it on {@code examples} and leaves it out. If ingest rejects it again, that is another rejected record.
 */
public final class ReplayPlan {

    /** The records of one replay are held in memory, and fit into one transaction. */
    private static final long MAX_BYTES = 64L << 20;

    /** Most of those that cannot be sent which are named. */
    private static final int MAX_CUT = 1000;

    /** Whether these hold is up to other records, not to the configuration: they are sent if the filter names them. */
    private static final Set<String> OF_THE_STREAM =
            Set.of(RejectionReason.IN_PROBE_SET.wireName(), RejectionReason.CONFLICTING_ID.wireName());

    /** The clocks of brokers and clients may differ by this much. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofHours(1);

    private final String examples;
    private final ReplayFilter filter;
    private final LineCheck check;
    private final int limit;
    private final Set<String> replayedBefore;

    private final List<ConsumerRecord<String, byte[]>> chosen = new ArrayList<>();
    private final Map<String, Long> rejectedAgain = new TreeMap<>();
    private final Map<String, Long> undecided = new TreeMap<>();
    private final Map<String, Long> elsewhere = new TreeMap<>();
    private final List<Replay.Place> cut = new ArrayList<>();
    private long bytes;
    private long left;
    private long replayed;

    /**
     * An empty plan.
     *
     * @param examples name of the topic {@code examples} on the broker
     * @param check finds what ingest would reject again
     * @param limit most records to send
     * @param replayedBefore the rejected records that are on {@code examples} again, see {@link #place}
     */
    ReplayPlan(String examples, ReplayFilter filter, LineCheck check, int limit, Set<String> replayedBefore) {
        this.examples = examples;
        this.filter = filter;
        this.check = check;
        this.limit = limit;
        this.replayedBefore = Set.copyOf(replayedBefore);
    }

    /** Reads the topics as they are now; see the constructor. */
    public static ReplayPlan read(KafkaConnection kafka, ReplayFilter filter, LineCheck check, int limit) {
        try (TopicReader reader = TopicReader.forCommand(kafka)) {
            long[] oldest = {Long.MAX_VALUE};
            reader.readAll(reader.partitions(Topics.REJECTED_EXAMPLES), record -> {
                if (filter.takes(record)) {
                    oldest[0] = Math.min(oldest[0], record.timestamp());
                }
            });
            Set<String> replayedBefore = new HashSet<>();
            if (oldest[0] != Long.MAX_VALUE) {
                reader.readSince(
                        Topics.EXAMPLES,
                        Math.max(0, oldest[0] - CLOCK_DIFFERENCE.toMillis()),
                        record -> replayedFrom(record).ifPresent(replayedBefore::add));
            }
            ReplayPlan plan = new ReplayPlan(kafka.named(Topics.EXAMPLES.name()), filter, check, limit, replayedBefore);
            reader.readAll(reader.partitions(Topics.REJECTED_EXAMPLES), plan::add);
            return plan;
        }
    }

    /** Takes the next record of {@code rejected-examples}; those of a task come in the order in which they were rejected. */
    void add(ConsumerRecord<String, byte[]> record) {
        if (!filter.takes(record)) {
            return;
        }
        String origin = RejectedRow.text(record, RejectionHeaders.TOPIC);
        byte[] value = record.value();
        if (!origin.equals(examples)) {
            elsewhere.merge(origin, 1L, Long::sum);
        } else if (replayedBefore.contains(place(record))) {
            replayed++;
        } else if (RejectedRecords.isCut(record.headers())) {
            if (cut.size() < MAX_CUT) {
                cut.add(origin(record));
            }
        } else if (filter.reason().isEmpty() && OF_THE_STREAM.contains(RejectedRow.reason(record))) {
            undecided.merge(RejectedRow.reason(record), 1L, Long::sum);
        } else if (value == null) {
            rejectedAgain.merge(RejectionReason.NULL_VALUE.wireName(), 1L, Long::sum);
        } else {
            Optional<LineFault> fault = check.fault(value);
            if (fault.isPresent()) {
                rejectedAgain.merge(fault.get().reason(), 1L, Long::sum);
            } else if (chosen.size() < limit && bytes + value.length <= MAX_BYTES) {
                bytes += value.length;
                chosen.add(record);
            } else {
                left++;
            }
        }
    }

    /** The rejected records to send, the oldest first. */
    public List<ConsumerRecord<String, byte[]>> chosen() {
        return List.copyOf(chosen);
    }

    /** The headers of {@code rejected} when it is sent again: those that it had before, and where it comes from. */
    public static Headers headers(ConsumerRecord<String, byte[]> rejected) {
        Headers headers = RejectedRecords.own(rejected.headers());
        headers.add(RejectionHeaders.REPLAYED_FROM, place(rejected).getBytes(StandardCharsets.UTF_8));
        return headers;
    }

    /** What this plan does. */
    public Replay replay(boolean dryRun) {
        return new Replay(
                filter.task(),
                dryRun,
                chosen.stream().map(ReplayPlan::sent).toList(),
                left,
                replayed,
                rejectedAgain,
                undecided,
                elsewhere,
                cut);
    }

    private static Replay.Sent sent(ConsumerRecord<String, byte[]> record) {
        return new Replay.Sent(
                Instant.ofEpochMilli(record.timestamp()),
                RejectedRow.reason(record),
                origin(record),
                RejectedRow.id(record).orElse(null),
                new String(record.value(), StandardCharsets.UTF_8));
    }

    private static Replay.Place origin(ConsumerRecord<String, byte[]> record) {
        return new Replay.Place(
                RejectedRow.text(record, RejectionHeaders.TOPIC),
                RejectedRow.text(record, RejectionHeaders.PARTITION),
                RejectedRow.text(record, RejectionHeaders.OFFSET));
    }

    /** {@code topic/partition/offset} of a record. */
    static String place(ConsumerRecord<String, byte[]> record) {
        return record.topic() + "/" + record.partition() + "/" + record.offset();
    }

    private static Optional<String> replayedFrom(ConsumerRecord<String, byte[]> record) {
        Header header = record.headers().lastHeader(RejectionHeaders.REPLAYED_FROM);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }
}
