package io.millrace.trainer;

import io.millrace.schemas.KafkaConnection;
import io.millrace.schemas.Topics;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The trainer's end of {@code accepted-examples}. Kafka's group shares the partitions out among the trainers; where to read in one
 * is what its tasks' checkpoints say, never what the group has committed.
 */
final class ExampleSource implements AutoCloseable {

    static final String GROUP = "millrace-trainer";

    private static final int SESSION_TIMEOUT_MS = 10_000;
    private static final int HEARTBEAT_MS = 2_000;
    /** The longest that the training thread may stay away: a burst of steps and a checkpoint. */
    private static final int MAX_POLL_INTERVAL_MS = 600_000;

    private final KafkaConsumer<String, byte[]> consumer;
    private final int partitions;

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
        Map<String, Object> settings = kafka.serviceProperties();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, GROUP);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MS);
        settings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, MAX_POLL_INTERVAL_MS);
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        partitions = consumer.partitionsFor(Topics.ACCEPTED_EXAMPLES.name()).size();
        consumer.subscribe(List.of(Topics.ACCEPTED_EXAMPLES.name()), new Listener(ownership));
    }

    /** The partition that holds a task: where Kafka's own partitioner puts its key. */
    int partitionOf(String task) {
        return BuiltInPartitioner.partitionForKey(task.getBytes(StandardCharsets.UTF_8), partitions);
    }

    ConsumerRecords<String, byte[]> poll(Duration timeout) {
        return consumer.poll(timeout);
    }

    /** First offset that a partition still holds. */
    long beginningOf(TopicPartition partition) {
        return consumer.beginningOffsets(List.of(partition)).get(partition);
    }

    /** The offset behind the last record of a partition. */
    long endOf(TopicPartition partition) {
        return consumer.endOffsets(List.of(partition)).get(partition);
    }

    /** Records of a partition that have not been read yet; empty before the first fetch. */
    OptionalLong lag(TopicPartition partition) {
        return consumer.currentLag(partition);
    }

    ConsumerGroupMetadata group() {
        return consumer.groupMetadata();
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

        Listener(Ownership ownership) {
            this.ownership = ownership;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> taken) {
            ownership.taken(taken).forEach(consumer::seek);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> leaving) {
            ownership.leaving(leaving);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            ownership.lost(lost);
        }
    }
}
