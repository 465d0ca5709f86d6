package io.millrace.trainer.checkpoint;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.KeyPartition;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Reads the announced checkpoints of a task from the topic. */
public final class CheckpointHistory {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointHistory.class);

    private CheckpointHistory() {}

    /** All committed announcements of {@code task} that the topic holds now, oldest first. */
    public static List<CheckpointAnnouncement> read(KafkaConnection kafka, String task) {
        return read(kafka, Topics.CHECKPOINTS, task);
    }

    /** Ids of the checkpoints of {@code task} that were promoted, without those that were rolled back from by hand since. */
    public static Set<String> promoted(KafkaConnection kafka, String task) {
        return promoted(read(kafka, Topics.MODEL_UPDATES, task));
    }

    /** As {@link #promoted(KafkaConnection, String)}, from the task's verdicts, oldest first. */
    static Set<String> promoted(List<ModelUpdate> updates) {
        Set<String> promoted = new HashSet<>();
        for (ModelUpdate update : updates) {
            switch (update.verdict()) {
                case PROMOTED -> promoted.add(update.model().checkpoint().id());
                case ROLLED_BACK -> {
                    if (update.current() != null) {
                        promoted.remove(update.current().model().checkpoint().id());
                    }
                    promoted.add(update.model().checkpoint().id());
                }
                case REJECTED -> {
                    // It changes nothing.
                }
            }
        }
        return promoted;
    }

    /** All committed values of {@code task} that a topic holds now, oldest first. A task's values are in one partition. */
    public static <V> List<V> read(KafkaConnection kafka, Topic<V> topic, String task) {
        List<V> found = new ArrayList<>();
        try (TopicReader reader = TopicReader.forService(kafka)) {
            reader.readAll(
                    reader.partitions(topic), valuesOf(Set.of(task), topic, (record, value) -> found.add(value)));
        }
        return found;
    }

    /**
     * The committed announcements of several tasks, oldest first, without their means: enough to resume from. Reads the partitions that
     * the tasks' keys map to, once. If a task has none there, partitions may have been added since, and the others are read too.
     */
    public static Map<String, List<LocatedAnnouncement>> read(KafkaConnection kafka, Set<String> tasks) {
        Map<String, List<LocatedAnnouncement>> found = new HashMap<>();
        tasks.forEach(task -> found.put(task, new ArrayList<>()));
        BiConsumer<ConsumerRecord<String, byte[]>, CheckpointAnnouncement> keep =
                (record, announcement) -> found.computeIfAbsent(record.key(), key -> new ArrayList<>())
                        .add(new LocatedAnnouncement(announcement.withoutMeans(), record.partition(), record.offset()));
        try (TopicReader reader = TopicReader.forService(kafka)) {
            List<TopicPartition> all = reader.partitions(Topics.CHECKPOINTS);
            String topic = kafka.named(Topics.CHECKPOINTS.name());
            Set<TopicPartition> own = new HashSet<>();
            tasks.forEach(task -> own.add(new TopicPartition(topic, KeyPartition.of(task, all.size()))));
            reader.readAll(own, valuesOf(tasks, Topics.CHECKPOINTS, keep));
            Set<String> unknown = new HashSet<>(tasks);
            unknown.removeIf(task -> !found.getOrDefault(task, List.of()).isEmpty());
            if (!unknown.isEmpty() && own.size() < all.size()) {
                Set<TopicPartition> others = new HashSet<>(all);
                others.removeAll(own);
                reader.readAll(others, valuesOf(unknown, Topics.CHECKPOINTS, keep));
            }
        }
        return found;
    }

    /** Passes on the values of these tasks; the records of others are not parsed. */
    private static <V> TopicReader.Sink valuesOf(
            Set<String> tasks, Topic<V> topic, BiConsumer<ConsumerRecord<String, byte[]>, V> each) {
        return record -> {
            if (record.key() != null && tasks.contains(record.key()) && record.value() != null) {
                parse(topic, record).ifPresent(value -> each.accept(record, value));
            }
        };
    }

    /** The value of a record; empty, with a warning, if it is malformed. */
    public static <V> Optional<V> parse(Topic<V> topic, ConsumerRecord<String, byte[]> record) {
        try {
            return Optional.ofNullable(topic.valueSerde().deserializer().deserialize(record.topic(), record.value()));
        } catch (SerializationException e) {
            LOG.warn(
                    "skipped a record on {}-{} at offset {}: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
            return Optional.empty();
        }
    }
}
