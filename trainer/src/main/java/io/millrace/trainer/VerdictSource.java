package io.millrace.trainer;

import io.millrace.schemas.PolicyState.VerdictPosition;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.KeyPartition;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.checkpoint.CheckpointHistory;
import io.millrace.trainer.policy.VerdictFeed;
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
import java.util.Optional;

/**
 * Consumes one task's partition of {@code model-updates}, without a consumer group: the checkpoint says where to resume. It fetches in
 * the background, and never waits.
 */
final class VerdictSource implements VerdictFeed {

    private final KafkaConsumer<String, byte[]> consumer;
    private final TopicPartition partition;
    private final String task;

    /**
     * Reads the verdicts on a task's checkpoints.
     *
     * @param from where to resume; empty at the start of a policy, which no earlier verdict concerns. If the task's partition is another
     *     one now, because some were added, that one is read from its beginning.
     */
    VerdictSource(KafkaConnection kafka, String task, Optional<VerdictPosition> from) {
        this.task = task;
        Map<String, Object> settings = kafka.serviceProperties();
        settings.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, kafka.named("millrace-trainer-verdicts-" + task));
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        try {
            String topic = kafka.named(Topics.MODEL_UPDATES.name());
            partition = new TopicPartition(
                    topic, KeyPartition.of(task, consumer.partitionsFor(topic).size()));
            consumer.assign(List.of(partition));
            seek(from);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private void seek(Optional<VerdictPosition> from) {
        if (from.isEmpty()) {
            consumer.seekToEnd(List.of(partition));
        } else if (from.get().partition() == partition.partition()) {
            consumer.seek(partition, from.get().offset());
        } else {
            consumer.seekToBeginning(List.of(partition));
        }
        // Seeking is lazy: the end is that of now, not that of the first poll.
        consumer.position(partition);
    }

    @Override
    public List<LocatedVerdict> poll() {
        List<LocatedVerdict> verdicts = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ZERO)) {
            if (task.equals(record.key()) && record.value() != null) {
                CheckpointHistory.parse(Topics.MODEL_UPDATES, record)
                        .ifPresent(update -> verdicts.add(new LocatedVerdict(update, record.offset())));
            }
        }
        return verdicts;
    }

    @Override
    public VerdictPosition position() {
        return new VerdictPosition(partition.partition(), consumer.position(partition));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
