package io.millrace.trainer;

import io.millrace.schemas.KafkaConnection;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Topic;
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

/** Reads again what a checkpoint was made from. */
final class TopicRange {

    private static final Duration POLL = Duration.ofMillis(200);

    private TopicRange() {}

    /**
     * A task's committed records in a range, in the order of their offsets.
     *
     * @throws IllegalArgumentException if the topic no longer holds the whole range
     */
    static List<Arrival> read(KafkaConnection kafka, Topic<?> topic, OffsetRange range, String task) {
        TopicPartition partition = new TopicPartition(topic.name(), range.partition());
        Map<String, Object> settings = kafka.serviceProperties();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        List<Arrival> arrivals = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            long beginning = consumer.beginningOffsets(List.of(partition)).get(partition);
            if (beginning > range.first()) {
                throw new IllegalArgumentException(partition + " begins at offset " + beginning
                        + " now: what the checkpoint was made from, from offset " + range.first()
                        + " on, has been removed by retention. Verify a newer checkpoint.");
            }
            consumer.seek(partition, range.first());
            while (consumer.position(partition) < range.next()) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    if (record.offset() < range.next() && task.equals(record.key())) {
                        arrivals.add(new Arrival(record.offset(), record.value()));
                    }
                }
            }
        }
        return arrivals;
    }
}
