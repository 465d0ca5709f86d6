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
 * Looks for texts that nobody will read, in every partition of {@code texts} whose number is that of a partition of
 * {@code accepted-examples} held here: so the trainers together see each once. They may hold no task that reads texts; a producer that
 * places keys in its own way does not ask. It begins where the topic begins, at each start.
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
     * @param examplePartitions how many partitions {@code accepted-examples} has
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

    /** Watches what goes with these partitions of {@code accepted-examples}; what it watches already goes on where it is. */
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

    /** Counts what has arrived, without waiting. */
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
