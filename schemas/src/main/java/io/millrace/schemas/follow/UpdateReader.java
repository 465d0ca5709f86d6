package io.millrace.schemas.follow;

import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.text.LogSafe;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code model-updates} from the beginning and keeps the newest record of one task that names a model. Partitions that are added later
 * are read as well. Of records in several partitions the newest timestamp counts; of equal ones, the highest partition.
 */
final class UpdateReader {

    private static final System.Logger LOG = System.getLogger(UpdateReader.class.getName());
    private static final int LOGGED_CHARS = 300;

    private final Consumer<String, byte[]> consumer;
    private final String topic;
    private final String task;
    private final Map<Integer, Located> newest = new HashMap<>();
    private final Map<TopicPartition, Long> unreadEnds = new HashMap<>();
    private long malformed;

    UpdateReader(Consumer<String, byte[]> consumer, String topic, String task) {
        this.consumer = consumer;
        this.topic = topic;
        this.task = task;
    }

    /** A record that names a model, and where it is. */
    record Located(ModelUpdate update, long timestampMs, int partition, long offset) {

        @Override
        public String toString() {
            return "record " + partition + "-" + offset;
        }
    }

    /**
     * Polls once.
     *
     * @return the newest record that names a model; absent if there is none, or while older records than those are still being read that the
     *     topic held at the start
     */
    Optional<Located> poll(Duration wait) {
        if (!assignAll()) {
            return Optional.empty();
        }
        consumer.poll(wait).forEach(this::take);
        unreadEnds.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
        return unreadEnds.isEmpty()
                ? newest.values().stream()
                        .max(Comparator.comparingLong(Located::timestampMs).thenComparingInt(Located::partition))
                : Optional.empty();
    }

    /** Records of the task that were no verdict. */
    long malformed() {
        return malformed;
    }

    /** Whether there is something to read. The consumer answers from its metadata, so asking before each poll costs nothing. */
    private boolean assignAll() {
        Set<TopicPartition> all = new HashSet<>();
        consumer.partitionsFor(topic).forEach(info -> all.add(new TopicPartition(topic, info.partition())));
        Set<TopicPartition> added = new HashSet<>(all);
        added.removeAll(consumer.assignment());
        if (!added.isEmpty()) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(added);
            // Those that are read already keep their positions.
            added.addAll(consumer.assignment());
            consumer.assign(added);
            unreadEnds.putAll(ends);
        }
        return !consumer.assignment().isEmpty();
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        if (!task.equals(record.key())) {
            return;
        }
        ModelUpdate update = read(record);
        if (update != null && update.verdict() != Verdict.REJECTED) {
            newest.put(
                    record.partition(), new Located(update, record.timestamp(), record.partition(), record.offset()));
        }
    }

    private @Nullable ModelUpdate read(ConsumerRecord<String, byte[]> record) {
        try {
            ModelUpdate update =
                    Topics.MODEL_UPDATES.valueSerde().deserializer().deserialize(topic, record.value());
            String fault = fault(update);
            if (fault == null) {
                return update;
            }
            skip(record, fault);
        } catch (SerializationException e) {
            skip(record, String.valueOf(e.getMessage()));
        }
        return null;
    }

    private @Nullable String fault(@Nullable ModelUpdate update) {
        if (update == null) {
            return "it has no value";
        }
        if (!update.model().checkpoint().task().equals(task)) {
            return "its key is another task than its model.checkpoint.task, "
                    + LogSafe.quoted(update.model().checkpoint().task());
        }
        boolean named = update.model().location() != null && update.model().sha256() != null;
        return named || update.verdict() == Verdict.REJECTED
                ? null
                : "it is " + update.verdict().wireName() + " without model.location and model.sha256";
    }

    private void skip(ConsumerRecord<String, byte[]> record, String fault) {
        malformed++;
        LOG.log(
                System.Logger.Level.WARNING,
                "Skipped " + topic + "-" + record.partition() + " offset " + record.offset() + " of task " + task + ": "
                        + LogSafe.line(fault, LOGGED_CHARS));
    }
}
