package io.millrace.evaluator;

import io.millrace.schemas.kafka.KafkaConnection;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * The records of {@code checkpoints}, each with its results and its offset in one transaction: others read all of it or
 * none. The group membership goes along, which fences off the results of an evaluator that has lost the partition.
 */
final class TransactionalCheckpoints {

    /** Transactions in a row that may be aborted before it is taken for a fault that does not go away. */
    static final int MAX_ABORTS = 5;

    /** For new records. */
    static final Duration POLL_TIMEOUT = Duration.ofMillis(500);

    /** Long enough for a step of the group protocol. */
    private static final Duration MEMBERSHIP_POLL = Duration.ofMillis(100);

    /** Between two tries, long enough in sum for a heartbeat to tell a member that it is none any more. */
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(TransactionalCheckpoints.class);

    private final String topic;
    private final Consumer<String, byte[]> consumer;
    private final Producer<String, byte[]> producer;
    private final Set<TopicPartition> revoked = new HashSet<>();
    private boolean paused;
    private boolean retrying;
    private int aborts;

    /**
     * The two ends, not yet connected.
     *
     * @param kafka knows the topic's name
     * @param consumer a group member that reads committed records and commits no offsets of its own
     * @param producer a transactional producer
     */
    TransactionalCheckpoints(
            KafkaConnection kafka, Consumer<String, byte[]> consumer, Producer<String, byte[]> producer) {
        topic = kafka.named(Topics.CHECKPOINTS.name());
        this.consumer = consumer;
        this.producer = producer;
    }

    /** Joins the group; call it once, first. */
    void subscribe() {
        producer.initTransactions();
        consumer.subscribe(List.of(topic), new Rebalances());
    }

    /** The next records, or none if none came in a while. */
    ConsumerRecords<String, byte[]> poll() {
        ConsumerRecords<String, byte[]> polled;
        if (retrying) {
            // One poll without records: the group protocol goes on in it.
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

    /** Keeps up the membership, reads nothing, and says whether the partition of {@code record} is still this member's. */
    boolean keeps(ConsumerRecord<String, byte[]> record) {
        pollPaused(MEMBERSHIP_POLL);
        return !revoked.contains(partition(record));
    }

    /** By number of an assigned partition: offsets in it that have not been read; empty if that is not known yet. */
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

    /** A partition that comes back in the same rebalance has been revoked all the same: it is read again from its offset. */
    private final class Rebalances implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            revoked.addAll(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (paused) {
                consumer.pause(partitions);
            }
        }
    }

    /**
     * Writes {@code results} and the offset after {@code record}.
     *
     * @return false if the transaction was aborted; the record then comes again, to whoever owns its partition
     * @throws UnsettledTransactionException if the transaction could not even be aborted
     * @throws KafkaException if it cannot be written, and trying again would not help
     */
    boolean commit(ConsumerRecord<String, byte[]> record, List<ProducerRecord<String, byte[]>> results) {
        TopicPartition partition = partition(record);
        OffsetAndMetadata next = new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), "");
        producer.beginTransaction();
        try {
            for (ProducerRecord<String, byte[]> result : results) {
                // A send that fails makes the commit fail.
                Future<RecordMetadata> unused = producer.send(result);
            }
            producer.sendOffsetsToTransaction(Map.of(partition, next), consumer.groupMetadata());
            producer.commitTransaction();
            aborts = 0;
            return true;
        } catch (KafkaException e) {
            abort(e);
            aborts++;
            if (aborts >= MAX_ABORTS) {
                throw new KafkaException(
                        "cannot write the results of " + partition + "@" + record.offset() + ": " + aborts
                                + " transactions in a row were aborted, the last because: " + e.getMessage(),
                        e);
            }
            LOG.warn("The transaction for {}@{} was aborted: {}", partition, record.offset(), e.getMessage());
            if (consumer.assignment().contains(partition)) {
                consumer.seek(partition, record.offset());
            }
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
