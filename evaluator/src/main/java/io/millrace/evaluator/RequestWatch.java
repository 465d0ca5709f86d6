package io.millrace.evaluator;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Notices on the polling thread that requests may be waiting. It never waits for a broker, so an idle evaluator asks the brokers for
 * nothing, and a broker that is away does not end it.
 */
final class RequestWatch {

    private final KafkaConnection kafka;
    private final Consumer<String, byte[]> consumer;
    private Set<TopicPartition> settledFor = Set.of();
    private boolean seen;

    /**
     * A watch.
     *
     * @param consumer a consumer of its own that reads from the beginning, without a group
     */
    RequestWatch(KafkaConnection kafka, Consumer<String, byte[]> consumer) {
        this.kafka = kafka;
        this.consumer = consumer;
    }

    /**
     * Whether a request may be waiting for an evaluator with these partitions of {@code checkpoints}: one has been written since
     * {@link #settled}, or the partitions have changed.
     */
    boolean isDue(Set<TopicPartition> owned) {
        boolean moved = !owned.equals(settledFor);
        if (moved || consumer.assignment().isEmpty()) {
            // Only now: a broker that is away may have to be asked for them.
            consumer.assign(partitions());
        }
        seen |= !consumer.poll(Duration.ZERO).isEmpty();
        return !owned.isEmpty() && (seen || moved);
    }

    /** Everything that has been noticed so far was executed, for an evaluator with these partitions. */
    void settled(Set<TopicPartition> owned) {
        seen = false;
        settledFor = Set.copyOf(owned);
    }

    private List<TopicPartition> partitions() {
        return consumer.partitionsFor(kafka.named(Topics.MODEL_REQUESTS.name())).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }
}
