package io.millrace.app.demo;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Follows the events of the services from the first record on, like any reader of the topics. */
final class EventFeed implements AutoCloseable {

    private static final List<Topic<?>> TOPICS =
            List.of(Topics.CHECKPOINTS, Topics.EVALUATIONS, Topics.DRIFT, Topics.MODEL_UPDATES);

    private final KafkaConnection kafka;
    private final String task;
    private final KafkaConsumer<String, byte[]> consumer;

    /** Handles the events of a feed. */
    interface Listener {

        void checkpoint(CheckpointAnnouncement announcement);

        void evaluation(CheckpointEvaluation evaluation);

        void drift(DriftEvent event);

        void modelUpdate(ModelUpdate update);
    }

    /** Follows the events of {@code task}. */
    EventFeed(KafkaConnection kafka, String task) {
        this.kafka = kafka;
        this.task = task;
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic<?> topic : TOPICS) {
            consumer.partitionsFor(kafka.named(topic.name()))
                    .forEach(partition -> partitions.add(new TopicPartition(partition.topic(), partition.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Delivers every event written before this call. */
    void readPast(Listener listener) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        TopicReader.readTo(() -> ends, consumer, event -> deliver(event, listener));
    }

    /** Delivers new events; waits up to {@code wait} if there are none. */
    void poll(Duration wait, Listener listener) {
        consumer.poll(wait).forEach(event -> deliver(event, listener));
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void deliver(ConsumerRecord<String, byte[]> event, Listener listener) {
        if (!task.equals(event.key())) {
            return;
        }
        if (is(event, Topics.CHECKPOINTS)) {
            listener.checkpoint(read(Topics.CHECKPOINTS, event));
        } else if (is(event, Topics.EVALUATIONS)) {
            listener.evaluation(read(Topics.EVALUATIONS, event));
        } else if (is(event, Topics.DRIFT)) {
            listener.drift(read(Topics.DRIFT, event));
        } else {
            listener.modelUpdate(read(Topics.MODEL_UPDATES, event));
        }
    }

    private boolean is(ConsumerRecord<String, byte[]> event, Topic<?> topic) {
        return event.topic().equals(kafka.named(topic.name()));
    }

    private static <V> V read(Topic<V> topic, ConsumerRecord<String, byte[]> event) {
        try (Deserializer<V> deserializer = topic.valueSerde().deserializer()) {
            return deserializer.deserialize(topic.name(), event.value());
        }
    }
}
