package io.millrace.trainer;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.KeyPartition;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.lineage.TaskTopics.Bounds;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
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
 * The trainer's end of {@code accepted-examples}. Kafka's group shares the partitions out among the trainers; where to read in one
 * is what its tasks' checkpoints say, never what the group has committed: that is a copy for lag tools.
 */
final class ExampleSource implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExampleSource.class);

    private final KafkaConsumer<String, byte[]> consumer;
    private final String topic;
    private final int partitions;
    private final Listener listener;
    private final Map<TopicPartition, Long> committed = new HashMap<>();

    /** Told when partitions come and go, on the polling thread. */
    interface Ownership {
        /** These came. Gives the offset from which each is to be read. */
        Map<TopicPartition, Long> taken(Collection<TopicPartition> partitions);

        /** These are about to go; they are still ours. */
        void leaving(Collection<TopicPartition> partitions);

        /** These are gone: somebody else has them already. */
        void lost(Collection<TopicPartition> partitions);
    }

    ExampleSource(KafkaConnection kafka, Ownership ownership) {
        consumer = new KafkaConsumer<>(
                ExampleSourceSettings.of(kafka), new StringDeserializer(), new ByteArrayDeserializer());
        topic = kafka.named(Topics.ACCEPTED_EXAMPLES.name());
        partitions = consumer.partitionsFor(topic).size();
        listener = new Listener(ownership);
        consumer.subscribe(List.of(topic), listener);
    }

    /** The partition that holds a task. */
    TopicPartition partitionOf(String task) {
        return new TopicPartition(topic, KeyPartition.of(task, partitions));
    }

    /** How many partitions the topic has. */
    int partitions() {
        return partitions;
    }

    /** Whether partitions were added to the topic since this source was made. Then {@link #partitionOf} is not right any more. */
    boolean hasNewPartitions() {
        try {
            return consumer.partitionsFor(topic).size() != partitions;
        } catch (WakeupException e) {
            // Only if the broker had to be asked: whoever wakes it wants it to end.
            return false;
        }
    }

    /** Reads on. What {@link Ownership} throws meanwhile is thrown as it is. */
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

    /** A partition as it is now. */
    Bounds boundsOf(TopicPartition partition) {
        return new Bounds(
                partition.partition(),
                consumer.beginningOffsets(List.of(partition)).get(partition),
                consumer.endOffsets(List.of(partition)).get(partition));
    }

    /** Where to look on for foreign records in a partition that holds no task: where the group stopped, or at the beginning. */
    long unwatchedFrom(TopicPartition partition) {
        Bounds bounds = boundsOf(partition);
        OffsetAndMetadata stopped = consumer.committed(Set.of(partition)).get(partition);
        boolean isThere = stopped != null && bounds.beginning() <= stopped.offset() && stopped.offset() <= bounds.end();
        return isThere ? stopped.offset() : bounds.beginning();
    }

    /** First offset of a partition that has not been read; empty while the broker must confirm it, as after a change of leaders. */
    OptionalLong position(TopicPartition partition) {
        try {
            return OptionalLong.of(consumer.position(partition, Duration.ZERO));
        } catch (TimeoutException | WakeupException e) {
            return OptionalLong.empty();
        }
    }

    /** Reads a partition again from an offset on, unless it has not got there yet. */
    void readAgainFrom(TopicPartition partition, long offset) {
        consumer.seek(partition, Math.min(offset, position(partition).orElse(offset)));
    }

    /** Stops reading these partitions for now, and reads all others. */
    void pauseOnly(Set<TopicPartition> partitionsToPause) {
        consumer.resume(consumer.assignment().stream()
                .filter(partition -> !partitionsToPause.contains(partition))
                .toList());
        consumer.pause(partitionsToPause);
    }

    /** Records of a partition that have not been read yet; empty before the first fetch. */
    OptionalLong lag(TopicPartition partition) {
        return consumer.currentLag(partition);
    }

    /** Tells lag tools how far the partitions are done. That may fail: nothing depends on it. */
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

    /** Ends a poll that waits, from another thread. */
    void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }

    private final class Listener implements ConsumerRebalanceListener {

        private final Ownership ownership;
        private RuntimeException failure;

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
