package io.millrace.evaluator;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.KeyPartition;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Reads {@code checkpoints} and writes the results of each record and its offset in one transaction: consumers read all
 * of it or nothing. Each transaction carries the group membership, which fences an evaluator that has lost the partition.
 */
public final class TransactionalCheckpoints {

    /** After this many aborted transactions in a row, the fault is considered permanent. */
    static final int MAX_ABORTS = 5;

    /** How long to wait for new records. */
    static final Duration POLL_TIMEOUT = Duration.ofMillis(500);

    /** Long enough for one step of the group protocol. */
    private static final Duration MEMBERSHIP_POLL = Duration.ofMillis(100);

    /** Pause between retries. Five of them outlast a heartbeat, so a removed member learns of it. */
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(TransactionalCheckpoints.class);

    private final String topic;
    private final Consumer<String, byte[]> consumer;
    private final Producer<String, byte[]> producer;
    private final Set<TopicPartition> revoked = new HashSet<>();
    private boolean paused;
    private boolean retrying;
    private int aborts;
    private int partitions;

    /**
     * Reads and writes with these clients, once it has {@linkplain #subscribe subscribed}.
     *
     * @param kafka gives the topic's name
     * @param consumer a group member that reads committed records and does not commit offsets itself
     * @param producer a transactional producer
     */
    public TransactionalCheckpoints(
            KafkaConnection kafka, Consumer<String, byte[]> consumer, Producer<String, byte[]> producer) {
        topic = kafka.named(Topics.CHECKPOINTS.name());
        this.consumer = consumer;
        this.producer = producer;
    }

    /** Joins the group; call it once, first. */
    public void subscribe() {
        producer.initTransactions();
        consumer.subscribe(List.of(topic), new Rebalances());
    }

    /** The next records; empty if none arrived for a while. */
    public ConsumerRecords<String, byte[]> poll() {
        ConsumerRecords<String, byte[]> polled;
        if (retrying) {
            // One poll without records, which lets the group protocol continue.
            polled = pollPaused(RETRY_PAUSE);
            retrying = false;
        } else {
            paused = false;
            consumer.resume(consumer.assignment());
            polled = consumer.poll(POLL_TIMEOUT);
        }
        revoked.clear();
        return polled;
    }

    /** Keeps up the membership without reading. Whether this member still has the partition of {@code record}. */
    public boolean keeps(ConsumerRecord<String, byte[]> record) {
        pollPaused(MEMBERSHIP_POLL);
        return has(record);
    }

    /** Whether this member has had the partition of {@code record} without interruption since it was polled. */
    boolean has(ConsumerRecord<String, byte[]> record) {
        return !revoked.contains(partition(record));
    }

    /** As {@link #keeps(ConsumerRecord)}, for partitions that this member {@linkplain #owned had}. */
    public boolean keeps(Set<TopicPartition> owned) {
        pollPaused(MEMBERSHIP_POLL);
        return Collections.disjoint(revoked, owned);
    }

    /** The partitions that this member has. */
    public Set<TopicPartition> owned() {
        Set<TopicPartition> owned = new HashSet<>(consumer.assignment());
        owned.removeAll(revoked);
        return owned;
    }

    /**
     * The partition of a task's announcements, by the rule of Kafka's Java clients: whoever has it is the one that executes the task's
     * requests.
     */
    public TopicPartition partitionOf(String task) {
        return new TopicPartition(topic, KeyPartition.of(task, partitions));
    }

    /** The unread offsets of each assigned partition, by its number; empty if that is not known yet. */
    Map<Integer, OptionalLong> lags() {
        return consumer.assignment().stream()
                .collect(Collectors.toMap(TopicPartition::partition, consumer::currentLag));
    }

    private ConsumerRecords<String, byte[]> pollPaused(Duration timeout) {
        paused = true;
        consumer.pause(consumer.assignment());
        return consumer.poll(timeout);
    }

    private static TopicPartition partition(ConsumerRecord<String, byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /** A partition that comes back in the same rebalance still counts as revoked: it is read again from its offset. */
    private final class Rebalances implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            revoked.addAll(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            // A change of their number leads to a rebalance.
            partitions = consumer.partitionsFor(topic).size();
            if (paused) {
                consumer.pause(assigned);
            }
        }
    }

    /**
     * Writes {@code results} and the offset after {@code record}.
     *
     * @return false if the transaction was aborted; the owner of the partition then receives the record again
     * @throws UnsettledTransactionException if the transaction could not even be aborted
     * @throws KafkaException if the results cannot be written, and another try would not help
     */
    public boolean commit(ConsumerRecord<String, byte[]> record, List<ProducerRecord<String, byte[]>> results) {
        TopicPartition partition = partition(record);
        boolean committed =
                commit(partition, new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), ""), results);
        if (!committed && consumer.assignment().contains(partition)) {
            consumer.seek(partition, record.offset());
        }
        return committed;
    }

    /**
     * Writes {@code results} that come from no record of {@code partition}. Its committed offset is written again, unchanged: that
     * carries the group membership, so an evaluator that has lost the
     * partition writes nothing.
     *
     * @return false if the transaction was aborted
     * @throws UnsettledTransactionException if the transaction could not even be aborted
     * @throws KafkaException if the results cannot be written, and another try would not help
     */
    public boolean commitUnmoved(TopicPartition partition, List<ProducerRecord<String, byte[]>> results) {
        OffsetAndMetadata committed = consumer.committed(Set.of(partition)).get(partition);
        if (committed == null) {
            committed = new OffsetAndMetadata(Objects.requireNonNull(
                    consumer.beginningOffsets(List.of(partition)).get(partition), "every partition has a beginning"));
        }
        return commit(partition, committed, results);
    }

    private boolean commit(
            TopicPartition partition, OffsetAndMetadata offset, List<ProducerRecord<String, byte[]>> results) {
        producer.beginTransaction();
        try {
            for (ProducerRecord<String, byte[]> result : results) {
                // If a send fails, so does the commit.
                Future<RecordMetadata> unused = producer.send(result);
            }
            producer.sendOffsetsToTransaction(Map.of(partition, offset), consumer.groupMetadata());
            producer.commitTransaction();
            aborts = 0;
            return true;
        } catch (KafkaException e) {
            abort(e);
            aborts++;
            String place = partition + " before offset " + offset.offset();
            if (aborts >= MAX_ABORTS) {
                throw new KafkaException(
                        "cannot write the results of " + place + ": " + aborts
                                + " transactions in a row were aborted, the last because: " + e.getMessage(),
                        e);
            }
            LOG.warn("The transaction for {} was aborted: {}", place, e.getMessage());
            retrying = true;
            return false;
        }
    }

    private void abort(KafkaException cause) {
        try {
            producer.abortTransaction();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
            throw new UnsettledTransactionException(cause);
        }
    }
}
