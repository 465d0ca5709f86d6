package io.millrace.trainer.checkpoint;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Announces checkpoints of one task, each in one transaction with the pending records of its range. The announcement holds the consumed
 * offsets. The transactional id is the task's: a second trainer of the task fences the first, whichever of them Kafka's group knows.
 */
public final class CheckpointAnnouncer implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    /** How long the broker may be away during an announcement. A new owner of the task aborts it at once. */
    private static final Duration BROKER_AWAY = Duration.ofMinutes(5);

    /** Kafka's own default; an announcement takes about one kilobyte. */
    private static final int MIN_REQUEST_BYTES = 1 << 20;

    private final Topic<CheckpointAnnouncement> topic;
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaClientMetrics producerMetrics;

    /**
     * An announcer of a task.
     *
     * @param maxRejectedBytes largest batch that {@code rejected-examples} takes, and so the largest to send
     */
    public CheckpointAnnouncer(KafkaConnection kafka, String task, MeterRegistry registry, int maxRejectedBytes) {
        topic = kafka.topic(Topics.CHECKPOINTS);
        producer = new KafkaProducer<>(
                settings(kafka, task, maxRejectedBytes), new StringSerializer(), new ByteArraySerializer());
        producerMetrics = new KafkaClientMetrics(producer);
        producerMetrics.bindTo(registry);
    }

    /** The user's settings win, except where exactly-once and the limits depend on them. */
    static Map<String, Object> settings(KafkaConnection kafka, String task, int maxRejectedBytes) {
        Map<String, Object> settings = kafka.clientProperties();
        settings.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) BROKER_AWAY.toMillis());
        settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, BROKER_AWAY.toMillis());
        settings.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) BROKER_AWAY.toMillis());
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.named("millrace-trainer-" + task));
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, kafka.named("millrace-trainer-" + task));
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Math.max(MIN_REQUEST_BYTES, maxRejectedBytes));
        // Compression could make a record that just fits longer; set compression.type on the topics instead.
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        return settings;
    }

    /** Fences every earlier trainer of the task, and aborts its open transaction. */
    public void takeOver() {
        producer.initTransactions();
    }

    /**
     * Announces a checkpoint.
     *
     * @param pendingRecords records for {@code rejected-examples} and {@code drift} that belong to the same range
     * @return the announcement and its position
     * @throws UnsettledAnnouncementException if the announcement failed, for a reason that new clients recover from
     * @throws IllegalStateException if it failed for another reason
     */
    @SuppressWarnings("FutureReturnValueIgnored") // commitTransaction throws if any of the sends failed
    public LocatedAnnouncement announce(
            CheckpointAnnouncement announcement, List<ProducerRecord<String, byte[]>> pendingRecords) {
        producer.beginTransaction();
        try {
            pendingRecords.forEach(producer::send);
            Future<RecordMetadata> sent = producer.send(new ProducerRecord<>(
                    topic.name(),
                    announcement.checkpoint().task(),
                    topic.valueSerde().serializer().serialize(topic.name(), announcement)));
            producer.commitTransaction();
            RecordMetadata place = sent.get();
            return new LocatedAnnouncement(announcement, place.partition(), place.offset());
        } catch (ExecutionException e) {
            throw new IllegalStateException("a transaction was committed without one of its records", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted after a commit", e);
        } catch (KafkaException e) {
            if (isRecoverable(e)) {
                throw new UnsettledAnnouncementException(announcement.checkpoint(), e);
            }
            throw new IllegalStateException(
                    "cannot announce " + announcement.checkpoint().location() + ": " + e.getMessage()
                            + ". A restart resumes training from the last announced checkpoint.",
                    e);
        }
    }

    /** Kafka's classes of errors (KIP-1050) after which an application continues with new clients. */
    private static boolean isRecoverable(Throwable failure) {
        return failure instanceof RetriableException
                || failure instanceof ApplicationRecoverableException
                || failure instanceof TransactionAbortableException
                || failure instanceof CommitFailedException
                || (failure.getCause() != null && isRecoverable(failure.getCause()));
    }

    @Override
    public void close() {
        producerMetrics.close();
        producer.close(CLOSE_TIMEOUT);
    }
}
