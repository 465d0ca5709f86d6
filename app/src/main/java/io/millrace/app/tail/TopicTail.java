package io.millrace.app.tail;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Follows a topic: the newest records first, then each as it comes. It commits nothing, so that nobody else notices. */
public final class TopicTail implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    /** The window grows by this factor until it holds enough records of the wanted key. */
    private static final int GROWTH = 16;

    private static final Comparator<ConsumerRecord<String, byte[]>> OLDEST_FIRST = Comparator.comparingLong(
                    (ConsumerRecord<String, byte[]> record) -> record.timestamp())
            .thenComparingInt(ConsumerRecord::partition)
            .thenComparingLong(ConsumerRecord::offset);

    private final String topic;
    private final Predicate<ConsumerRecord<String, byte[]>> wanted;
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<TopicPartition> partitions;

    private TopicTail(
            Topic<?> topic,
            Predicate<ConsumerRecord<String, byte[]>> wanted,
            KafkaConsumer<String, byte[]> consumer,
            List<TopicPartition> partitions) {
        this.topic = topic.name();
        this.wanted = wanted;
        this.consumer = consumer;
        this.partitions = partitions;
    }

    /**
     * A record, for either kind of reader.
     *
     * @param line for people
     * @param json for programs
     */
    public record Shown(String line, TailedRecord json) {}

    /**
     * Opens a topic; committed records only.
     *
     * @param topic without a prefix
     * @param wanted which records to show
     */
    public static TopicTail open(
            KafkaConnection kafka, Topic<?> topic, Predicate<ConsumerRecord<String, byte[]>> wanted) {
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // Retention may remove what is being read: then it goes on with the oldest record that is left.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(kafka.named(topic.name())).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            return new TopicTail(topic, wanted, consumer, partitions);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /** Reads everything that the topic holds now. */
    public void fromBeginning(Consumer<Shown> sink) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        consumer.seekToBeginning(partitions);
        readTo(ends, record -> sink.accept(shown(record)));
    }

    /** Reads the newest {@code count} records that the topic holds now, oldest first; it reads no more of it than that takes. */
    public void newest(int count, Consumer<Shown> sink) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        PriorityQueue<ConsumerRecord<String, byte[]>> newest = new PriorityQueue<>(OLDEST_FIRST);
        long window = count;
        boolean whole = count == 0;
        while (newest.size() < count && !whole) {
            newest.clear();
            whole = true;
            for (TopicPartition partition : partitions) {
                long beginning = at(beginnings, partition);
                long from = Math.max(beginning, at(ends, partition) - window);
                whole &= from == beginning;
                consumer.seek(partition, from);
            }
            readTo(ends, record -> {
                newest.add(record);
                if (newest.size() > count) {
                    newest.remove();
                }
            });
            window *= GROWTH;
        }
        List<ConsumerRecord<String, byte[]>> ordered = new ArrayList<>(newest);
        ordered.sort(OLDEST_FIRST);
        ordered.forEach(record -> sink.accept(shown(record)));
        ends.forEach(consumer::seek);
    }

    /** Reads what comes, from where the last reading ended, until {@code stop}. */
    public void follow(BooleanSupplier stop, Consumer<Shown> sink) {
        while (!stop.getAsBoolean()) {
            consumer.poll(POLL).forEach(record -> {
                if (wanted.test(record)) {
                    sink.accept(shown(record));
                }
            });
        }
    }

    @Override
    public void close() {
        consumer.close();
    }

    /** Leaves each partition at its end. Records behind the end, which arrived meanwhile, are read again by {@link #follow}. */
    private void readTo(Map<TopicPartition, Long> ends, Consumer<ConsumerRecord<String, byte[]>> sink) {
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL).forEach(record -> {
                long end = at(ends, new TopicPartition(record.topic(), record.partition()));
                if (record.offset() < end && wanted.test(record)) {
                    sink.accept(record);
                }
            });
        }
        new HashMap<>(ends).forEach(consumer::seek);
    }

    private Shown shown(ConsumerRecord<String, byte[]> record) {
        TailedRecord json = TailedRecord.of(record);
        return new Shown(RecordLine.of(topic, json), json);
    }

    private static long at(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        return Objects.requireNonNull(offsets.get(partition), "offset");
    }
}
