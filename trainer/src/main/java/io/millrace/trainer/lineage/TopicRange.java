package io.millrace.trainer.lineage;

import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.trainer.batch.PolledRecord;
import io.millrace.trainer.lineage.TaskTopics.Bounds;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads again the records that a checkpoint was trained on. */
public final class TopicRange {

    private static final Duration POLL = Duration.ofMillis(200);

    private TopicRange() {}

    /** A task's committed records in a range, as far as the topic still holds them, in the order of their offsets. */
    public static List<PolledRecord> read(KafkaConnection kafka, Topic<?> topic, OffsetRange range, String task) {
        TopicPartition partition = new TopicPartition(kafka.named(topic.name()), range.partition());
        List<PolledRecord> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer(kafka)) {
            consumer.assign(List.of(partition));
            long beginning = Bounds.of(consumer, partition).beginning();
            read(
                    consumer,
                    new OffsetRange(
                            range.partition(),
                            Math.min(Math.max(range.first(), beginning), range.next()),
                            range.next()),
                    partition,
                    record -> {
                        if (task.equals(record.key())) {
                            records.add(new PolledRecord(record.offset(), record.value()));
                        }
                    });
        }
        return records;
    }

    /** First offset that a partition of a topic still holds. */
    static long beginning(KafkaConnection kafka, Topic<?> topic, int partition) {
        TopicPartition of = new TopicPartition(kafka.named(topic.name()), partition);
        try (KafkaConsumer<String, byte[]> consumer = consumer(kafka)) {
            return Bounds.of(consumer, of).beginning();
        }
    }

    /** The records of a task from an offset of a partition on. They are counted, not kept. */
    public static TaskTopics.LeftBehind leftBehind(
            KafkaConnection kafka, Topic<?> topic, int number, long offset, String task) {
        TopicPartition partition = new TopicPartition(kafka.named(topic.name()), number);
        long[] found = {0, 0, 0};
        try (KafkaConsumer<String, byte[]> consumer = consumer(kafka)) {
            consumer.assign(List.of(partition));
            Bounds bounds = Bounds.of(consumer, partition);
            long first = Math.max(offset, bounds.beginning());
            read(consumer, new OffsetRange(number, first, Math.max(first, bounds.end())), partition, record -> {
                if (task.equals(record.key())) {
                    found[1] = found[0] == 0 ? record.offset() : found[1];
                    found[2] = record.offset() + 1;
                    found[0]++;
                }
            });
            return new TaskTopics.LeftBehind(bounds.beginning(), found[0], found[1], found[2]);
        }
    }

    private static KafkaConsumer<String, byte[]> consumer(KafkaConnection kafka) {
        Map<String, Object> settings = kafka.serviceProperties();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private static void read(
            KafkaConsumer<String, byte[]> consumer,
            OffsetRange range,
            TopicPartition partition,
            Consumer<ConsumerRecord<String, byte[]>> each) {
        consumer.seek(partition, range.first());
        while (consumer.position(partition) < range.next()) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < range.next()) {
                    each.accept(record);
                }
            }
        }
    }
}
