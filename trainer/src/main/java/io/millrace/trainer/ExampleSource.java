package io.millrace.trainer;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.KeyPartition;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.lineage.TaskTopics.Bounds;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Consumes {@code accepted-examples}. Kafka's group distributes the partitions among the trainers. Where to read in a partition comes
 * from its tasks' checkpoints, never from the group's committed offsets: those are a copy for lag tools.
 */
final class ExampleSource implements AutoCloseable {

    static final String GROUP = "millrace-trainer";

    private static final Logger LOG = LoggerFactory.getLogger(ExampleSource.class);

    private static final int SESSION_TIMEOUT_MS = 10_000;
    private static final int HEARTBEAT_MS = 2_000;
    /** Longest time between two polls: a burst of steps and a checkpoint. */
    private static final int MAX_POLL_INTERVAL_MS = 600_000;

    private final KafkaConsumer<String, byte[]> consumer;
    private final String topic;
    private final int partitions;
    private final Listener listener;
    private final Map<TopicPartition, Long> committed = new HashMap<>();

    /** Called on the polling thread when partitions come and go. */
    interface Ownership {
        /** These were assigned. Returns the offset to read each from. */
        Map<TopicPartition, Long> taken(Collection<TopicPartition> partitions);

        /** These will be revoked; they are still ours. */
        void leaving(Collection<TopicPartition> partitions);

        /** These are lost: another trainer may have them already. */
        void lost(Collection<TopicPartition> partitions);
    }

    ExampleSource(KafkaConnection kafka, Ownership ownership) {
        consumer = new KafkaConsumer<>(settings(kafka), new StringDeserializer(), new ByteArrayDeserializer());
        topic = kafka.named(Topics.ACCEPTED_EXAMPLES.name());
        partitions = consumer.partitionsFor(topic).size();
        listener = new Listener(ownership);
        consumer.subscribe(List.of(topic), listener);
    }

    /** The consumer's settings. The user's win, except where exactly-once depends on them. */
    static Map<String, Object> settings(KafkaConnection kafka) {
        Map<String, Object> settings = kafka.serviceProperties();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, kafka.named(GROUP));
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, kafka.named(GROUP));
        settings.putIfAbsent(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, MAX_POLL_INTERVAL_MS);
        Object protocol = settings.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
        if (protocol == null || GroupProtocol.CLASSIC.name().equalsIgnoreCase(protocol.toString())) {
            settings.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
            settings.putIfAbsent(
                    ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                    heartbeatMs(settings.get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG)));
            // Then a trainer that joins or leaves moves only the tasks that it takes or gives up; the others stay
            // loaded.
            settings.putIfAbsent(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        }
        return settings;
    }

    /** Several heartbeats must fit into a session, even a short one that the user sets. */
    private static int heartbeatMs(@Nullable Object sessionTimeout) {
        String given = String.valueOf(sessionTimeout);
        return given.matches("\\d{1,9}") ? Math.min(HEARTBEAT_MS, Integer.parseInt(given) / 3) : HEARTBEAT_MS;
    }

    /** The partition that holds a task. */
    TopicPartition partitionOf(String task) {
        return new TopicPartition(topic, KeyPartition.of(task, partitions));
    }

    /** Number of partitions of the topic. */
    int partitions() {
        return partitions;
    }

    /** Whether partitions were added to the topic since this source was made. Then {@link #partitionOf} is outdated. */
    boolean hasNewPartitions() {
        try {
            return consumer.partitionsFor(topic).size() != partitions;
        } catch (WakeupException e) {
            // Only if the broker had to be asked. A wake-up means that the loop should stop.
            return false;
        }
    }

    /** Polls. An exception from {@link Ownership} is thrown unwrapped. */
    ConsumerRecords<String, byte[]> poll(Duration timeout) {
        listener.failure = null;
        try {
            return consumer.poll(timeout);
        } catch (KafkaException e) {
            // Kafka wraps it into "User rebalance callback throws an error".
            if (listener.failure != null) {
                throw listener.failure;
            }
            throw e;
        }
    }

    /** The current bounds of a partition. */
    Bounds boundsOf(TopicPartition partition) {
        return Bounds.of(consumer, partition);
    }

    /** Where to resume the search for foreign records in a partition without tasks: where the group stopped, or the beginning. */
    long unwatchedFrom(TopicPartition partition) {
        Bounds bounds = boundsOf(partition);
        OffsetAndMetadata stopped = consumer.committed(Set.of(partition)).get(partition);
        return stopped != null && bounds.beginning() <= stopped.offset() && stopped.offset() <= bounds.end()
                ? stopped.offset()
                : bounds.beginning();
    }

    /** First offset of a partition that has not been read; empty while the broker must confirm it, as after a change of leader. */
    OptionalLong position(TopicPartition partition) {
        try {
            return OptionalLong.of(consumer.position(partition, Duration.ZERO));
        } catch (TimeoutException | WakeupException e) {
            return OptionalLong.empty();
        }
    }

    /** Moves a partition back to an offset, unless it is before that anyway. */
    void readAgainFrom(TopicPartition partition, long offset) {
        consumer.seek(partition, Math.min(offset, position(partition).orElse(offset)));
    }

    /** Pauses these partitions and resumes all others. */
    void pauseOnly(Set<TopicPartition> partitionsToPause) {
        consumer.resume(consumer.assignment().stream()
                .filter(partition -> !partitionsToPause.contains(partition))
                .toList());
        consumer.pause(partitionsToPause);
    }

    /** Number of records of a partition that have not been read yet; empty before the first fetch. */
    OptionalLong lag(TopicPartition partition) {
        return consumer.currentLag(partition);
    }

    /** Commits the group's offsets for lag tools. That may fail: nothing depends on it. */
    void commit(Map<TopicPartition, Long> done) {
        Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
        done.forEach((partition, offset) -> {
            if (!offset.equals(committed.put(partition, offset))) {
                moved.put(partition, new OffsetAndMetadata(offset));
            }
        });
        if (!moved.isEmpty()) {
            consumer.commitAsync(moved, (offsets, e) -> {
                if (e != null) {
                    LOG.debug("the group's offsets {} are not committed: {}", offsets, e.toString());
                }
            });
        }
    }

    /** The consumer, for its metrics. */
    KafkaConsumer<String, byte[]> consumer() {
        return consumer;
    }

    /** Interrupts a waiting poll from another thread. */
    void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }

    private final class Listener implements ConsumerRebalanceListener {

        private final Ownership ownership;
        private @Nullable RuntimeException failure;

        Listener(Ownership ownership) {
            this.ownership = ownership;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> taken) {
            noting(() -> ownership.taken(taken).forEach(consumer::seek));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> leaving) {
            noting(() -> ownership.leaving(leaving));
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            noting(() -> ownership.lost(lost));
        }

        private void noting(Runnable change) {
            try {
                change.run();
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            }
        }
    }
}
