package io.millrace.app.produce;

import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.Origin;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.text.LogSafe;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * Reads from the topics how ingest settled the examples of one producer. Open it before the first is sent: it reads only
 * records written from then on.
 */
public final class IngestOutcome implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int MAX_DETAIL_CHARS = 300;

    private final KafkaConnection kafka;
    private final String task;
    private final Admin admin;
    private final KafkaConsumer<String, byte[]> consumer;
    private final IngestProgress progress;
    private final Map<String, Long> rejectedByReason = new TreeMap<>();
    private @Nullable String firstRejection;
    private long accepted;
    private long rejected;

    /**
     * How many examples ended how.
     *
     * @param accepted became examples to train on
     * @param rejectedByReason were rejected, by the word for the reason
     * @param duplicates had come before
     * @param unprocessed ingest has not come to them yet
     * @param firstRejection the first rejection in words; null if there is none
     */
    public record IngestCounts(
            long accepted,
            Map<String, Long> rejectedByReason,
            long duplicates,
            long unprocessed,
            @Nullable String firstRejection) {

        /** How many were rejected. */
        public long rejected() {
            return rejectedByReason.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private IngestOutcome(KafkaConnection kafka, String task) {
        this.kafka = kafka;
        this.task = task;
        this.admin = Admin.create(kafka.clientProperties());
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        this.consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        this.progress = new IngestProgress(kafka, admin);
    }

    /** Reads the results of {@code task} from now on. */
    public static IngestOutcome from(KafkaConnection kafka, String task) {
        IngestOutcome outcome = new IngestOutcome(kafka, task);
        try {
            List<TopicPartition> partitions = new ArrayList<>(outcome.partitions(Topics.ACCEPTED_EXAMPLES));
            partitions.addAll(outcome.partitions(Topics.REJECTED_EXAMPLES));
            outcome.consumer.assign(partitions);
            outcome.consumer.endOffsets(partitions).forEach(outcome.consumer::seek);
            return outcome;
        } catch (RuntimeException e) {
            outcome.close();
            throw e;
        }
    }

    /**
     * Waits until ingest has processed all of {@code sent}, or makes no progress.
     *
     * @param patience how long to wait while nothing happens; with none it only looks once
     */
    public IngestCounts await(SentOffsets sent, Duration patience) throws InterruptedException, ExecutionException {
        long lastProgressNanos = System.nanoTime();
        long before = 0;
        while (accepted + rejected < sent.count()) {
            if (progress.isThrough(task, sent.ends())) {
                // Everything is written by now: the others are duplicates.
                readUntil(ends(), sent);
                return counts(sent.count() - accepted - rejected, 0);
            }
            consumer.poll(POLL).forEach(record -> take(record, sent));
            if (accepted + rejected > before) {
                before = accepted + rejected;
                lastProgressNanos = System.nanoTime();
            }
            if (System.nanoTime() - lastProgressNanos >= patience.toNanos()) {
                return counts(0, sent.count() - accepted - rejected);
            }
        }
        return counts(0, 0);
    }

    @Override
    public void close() {
        progress.close();
        admin.close(Duration.ZERO);
        consumer.close();
    }

    private IngestCounts counts(long duplicates, long unprocessed) {
        return new IngestCounts(accepted, new TreeMap<>(rejectedByReason), duplicates, unprocessed, firstRejection);
    }

    /** Transactions that are still open count too: the offsets may be seen a moment before the records. */
    private Map<TopicPartition, Long> ends() throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        consumer.assignment().forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                .all()
                .get()
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private void readUntil(Map<TopicPartition, Long> ends, SentOffsets sent) {
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL).forEach(record -> take(record, sent));
        }
    }

    private List<TopicPartition> partitions(Topic<?> topic) {
        return consumer.partitionsFor(name(topic)).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }

    private String name(Topic<?> topic) {
        return kafka.named(topic.name());
    }

    private void take(ConsumerRecord<String, byte[]> record, SentOffsets sent) {
        if (!task.equals(record.key())) {
            return;
        }
        if (record.topic().equals(name(Topics.ACCEPTED_EXAMPLES))) {
            accepted += isOneOf(sent, record) ? 1 : 0;
        } else if (name(Topics.EXAMPLES).equals(header(record, RejectionHeaders.TOPIC))
                && sent.contains(
                        Integer.parseInt(header(record, RejectionHeaders.PARTITION)),
                        Long.parseLong(header(record, RejectionHeaders.OFFSET)))) {
            rejected++;
            rejectedByReason.merge(header(record, RejectionHeaders.REASON), 1L, Long::sum);
            if (firstRejection == null) {
                firstRejection = LogSafe.line(header(record, RejectionHeaders.MESSAGE), MAX_DETAIL_CHARS);
            }
        }
    }

    private boolean isOneOf(SentOffsets sent, ConsumerRecord<String, byte[]> record) {
        try {
            Origin origin = record.value() == null
                    ? null
                    : Json.mapper()
                            .readValue(record.value(), AcceptedExample.class)
                            .origin();
            return origin != null
                    && name(Topics.EXAMPLES).equals(origin.topic())
                    && sent.contains(origin.partition(), origin.offset());
        } catch (IOException e) {
            // Not written by ingest, so none of ours.
            return false;
        }
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
