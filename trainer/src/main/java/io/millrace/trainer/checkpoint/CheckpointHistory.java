package io.millrace.trainer.checkpoint;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.KafkaConnection;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the announced checkpoints of a task back from the topic. */
public final class CheckpointHistory {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointHistory.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private CheckpointHistory() {}

    /** Every committed announcement of {@code task} that stands in the topic now, oldest first. */
    public static List<CheckpointAnnouncement> read(KafkaConnection kafka, String task) {
        return read(kafka, Topics.CHECKPOINTS, task);
    }

    /** The same with the place of each. */
    public static List<Announced> announced(KafkaConnection kafka, String task) {
        return read(
                kafka,
                Topics.CHECKPOINTS,
                task,
                record -> new Announced(record.value(), record.partition(), record.offset()));
    }

    /** Every committed value of {@code task} that stands in a topic now; a task's values lie in one partition, oldest first. */
    public static <V> List<V> read(KafkaConnection kafka, Topic<V> topic, String task) {
        return read(kafka, topic, task, ConsumerRecord::value);
    }

    private static <V, R> List<R> read(
            KafkaConnection kafka, Topic<V> topic, String task, Function<ConsumerRecord<String, V>, R> as) {
        Map<String, Object> settings = kafka.serviceProperties();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        List<R> found = new ArrayList<>();
        try (KafkaConsumer<String, V> consumer = new KafkaConsumer<>(
                settings, topic.keySerde().deserializer(), topic.valueSerde().deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, V> record : poll(consumer)) {
                    if (task.equals(record.key()) && record.value() != null) {
                        found.add(as.apply(record));
                    }
                }
            }
        }
        return found;
    }

    private static <V> Iterable<ConsumerRecord<String, V>> poll(KafkaConsumer<String, V> consumer) {
        try {
            return consumer.poll(POLL);
        } catch (RecordDeserializationException e) {
            LOG.warn("skipped a record on {} at offset {}: {}", e.topicPartition(), e.offset(), e.getMessage());
            consumer.seek(e.topicPartition(), e.offset() + 1);
            return List.of();
        }
    }
}
