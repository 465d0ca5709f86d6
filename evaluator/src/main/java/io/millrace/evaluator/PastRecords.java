package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.state.TopicReplay;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds single records of the past that a request by hand refers to. Each call reads a topic from its beginning. */
final class PastRecords implements RequestExecutor.Past {

    private final KafkaConnection kafka;
    private final Consumer<String, byte[]> consumer;
    private final TopicReplay.EndOffsets endOffsets;

    /**
     * A reader of the past.
     *
     * @param consumer a consumer that reads committed records, without a group; whoever else uses it assigns it anew
     * @param endOffsets gives the ends of the topics
     */
    PastRecords(KafkaConnection kafka, Consumer<String, byte[]> consumer, TopicReplay.EndOffsets endOffsets) {
        this.kafka = kafka;
        this.consumer = consumer;
        this.endOffsets = endOffsets;
    }

    @Override
    public Optional<CheckpointAnnouncement> announcement(EvaluatedTask task, String checkpoint) {
        return newest(
                Topics.CHECKPOINTS,
                task,
                record -> AnnouncementReader.isOf(task, record)
                        ? AnnouncementReader.read(record)
                                .filter(announcement ->
                                        announcement.checkpoint().id().equals(checkpoint))
                        : Optional.empty());
    }

    @Override
    public Optional<ModelUpdate> publication(EvaluatedTask task, String checkpoint) {
        return newest(Topics.MODEL_UPDATES, task, record -> update(record)
                .filter(update -> update.model().location() != null)
                .filter(update -> update.model().checkpoint().id().equals(checkpoint)));
    }

    private static Optional<ModelUpdate> update(ConsumerRecord<String, byte[]> record) {
        try {
            return Optional.ofNullable(
                    Topics.MODEL_UPDATES.valueSerde().deserializer().deserialize(record.topic(), record.value()));
        } catch (SerializationException e) {
            // Counted and logged where the history is folded.
            return Optional.empty();
        }
    }

    private <V> Optional<V> newest(
            Topic<V> topic, EvaluatedTask task, Function<ConsumerRecord<String, byte[]>, Optional<V>> wanted) {
        List<TopicPartition> partitions = consumer.partitionsFor(kafka.named(topic.name())).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        List<V> newest = new ArrayList<>();
        TopicReader.readTo(() -> endOffsets.of(partitions), consumer, record -> {
            if (task.task().name().equals(record.key())) {
                wanted.apply(record).ifPresent(found -> {
                    newest.clear();
                    newest.add(found);
                });
            }
        });
        return newest.stream().findFirst();
    }
}
