package io.millrace.schemas.kafka;

import io.millrace.schemas.OffsetRange;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Reads what is in a topic now, committed records only. Each record is passed on as it arrives and none is kept; those of one partition
 * arrive in order. If retention removes records while they are read, the read fails: it never skips any.
 */
public final class TopicReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    /** A reader that is closed waits for the broker's answer to its newest fetch, which at the end of a topic comes after this time. */
    private static final int FETCH_MAX_WAIT_MS = 50;

    private final KafkaConnection kafka;
    private final KafkaConsumer<String, byte[]> consumer;

    private TopicReader(KafkaConnection kafka, Map<String, Object> settings) {
        this.kafka = kafka;
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_MAX_WAIT_MS);
        this.consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** Takes a record. */
    @FunctionalInterface
    public interface Sink {

        void accept(ConsumerRecord<String, byte[]> record);
    }

    /** A reader for a command, which gives up soon if the broker is away. */
    public static TopicReader forCommand(KafkaConnection kafka) {
        return new TopicReader(kafka, kafka.clientProperties());
    }

    /** A reader for a running service, which waits for a broker that is away. */
    public static TopicReader forService(KafkaConnection kafka) {
        return new TopicReader(kafka, kafka.serviceProperties());
    }

    /** Reads a whole topic for a command. */
    public static void readAll(KafkaConnection kafka, Topic<?> topic, Sink sink) {
        try (TopicReader reader = forCommand(kafka)) {
            reader.readAll(reader.partitions(topic), sink);
        }
    }

    /** First offset that a partition still holds, for a command. */
    public static long beginning(KafkaConnection kafka, Topic<?> topic, int partition) {
        try (TopicReader reader = forCommand(kafka)) {
            return reader.beginning(topic, partition);
        }
    }

    /**
     * Reads from the positions of a consumer until it has passed all the ends.
     *
     * @param ends the end of each partition; asked again after every poll, since some callers follow an end that moves
     */
    public static void readTo(Supplier<Map<TopicPartition, Long>> ends, Consumer<String, byte[]> consumer, Sink sink) {
        while (isBehind(consumer, ends.get())) {
            consumer.poll(POLL).forEach(sink::accept);
        }
    }

    /** The partitions of a topic. */
    public List<TopicPartition> partitions(Topic<?> topic) {
        return consumer.partitionsFor(kafka.named(topic.name())).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }

    /** Reads whole partitions, from the beginning to the end that they have now. */
    public void readAll(Collection<TopicPartition> partitions, Sink sink) {
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        readTo(() -> ends, consumer, sink);
    }

    /** Reads a topic from the first record of each partition that has this timestamp or a later one, to the end that it has now. */
    public void readSince(Topic<?> topic, long timestampMs, Sink sink) {
        List<TopicPartition> partitions = partitions(topic);
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, timestampMs));
        consumer.offsetsForTimes(times)
                .forEach((partition, found) -> consumer.seek(
                        partition,
                        found == null ? Objects.requireNonNull(ends.get(partition), "end") : found.offset()));
        readTo(() -> ends, consumer, sink);
    }

    /** Reads a range of a partition, which must still be there. */
    public void read(Topic<?> topic, OffsetRange range, Sink sink) {
        TopicPartition partition = partition(topic, range.partition());
        consumer.assign(List.of(partition));
        consumer.seek(partition, range.first());
        Map<TopicPartition, Long> ends = Map.of(partition, range.next());
        readTo(() -> ends, consumer, record -> {
            if (record.offset() < range.next()) {
                sink.accept(record);
            }
        });
    }

    /** First offset that a partition still holds. */
    public long beginning(Topic<?> topic, int number) {
        TopicPartition partition = partition(topic, number);
        return Objects.requireNonNull(
                consumer.beginningOffsets(List.of(partition)).get(partition), "beginning");
    }

    /** The offset after the last committed record of a partition. */
    public long end(Topic<?> topic, int number) {
        TopicPartition partition = partition(topic, number);
        return Objects.requireNonNull(consumer.endOffsets(List.of(partition)).get(partition), "end");
    }

    @Override
    public void close() {
        consumer.close();
    }

    private TopicPartition partition(Topic<?> topic, int number) {
        return new TopicPartition(kafka.named(topic.name()), number);
    }

    private static boolean isBehind(Consumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }
}
