package io.millrace.trainer;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for texts that no trainer will read. It watches each partition of {@code texts} whose number, modulo the number of partitions
 * of {@code accepted-examples}, is that of a partition held here: so the trainers together see each once. That partition need not hold
 * a task that reads texts: a producer with another hash may place keys anywhere. Every start reads the topic from its beginning.
 */
final class TextWatch implements AutoCloseable {

    private final KafkaConsumer<String, byte[]> consumer;
    private final ForeignRecords foreign;
    private final String topic;
    private final int exampleCount;
    private final int textCount;

    /**
     * A watch of no partition yet.
     *
     * @param examplePartitions number of partitions of {@code accepted-examples}
     */
    TextWatch(KafkaConnection kafka, int examplePartitions, ForeignRecords foreign) {
        this.foreign = foreign;
        this.topic = kafka.named(Topics.TEXTS.name());
        this.exampleCount = examplePartitions;
        Map<String, Object> settings = kafka.serviceProperties();
        settings.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, kafka.named("millrace-trainer-text-watch"));
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        textCount = consumer.partitionsFor(topic).size();
    }

    /** Watches the partitions that belong to these of {@code accepted-examples}; those already watched continue where they are. */
    void follow(Set<TopicPartition> examplePartitions) {
        Set<Integer> held = new HashSet<>();
        examplePartitions.forEach(partition -> held.add(partition.partition()));
        List<TopicPartition> watched = new ArrayList<>();
        for (int number = 0; number < textCount; number++) {
            if (held.contains(number % exampleCount)) {
                watched.add(new TopicPartition(topic, number));
            }
        }
        if (!consumer.assignment().equals(new HashSet<>(watched))) {
            consumer.assign(watched);
        }
    }

    /** Counts new foreign texts, without waiting. */
    void poll() {
        if (!consumer.assignment().isEmpty()) {
            consumer.poll(Duration.ZERO).forEach(record -> foreign.check(record, textCount));
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
