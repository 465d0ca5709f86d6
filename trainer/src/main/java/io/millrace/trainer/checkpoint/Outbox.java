package io.millrace.trainer.checkpoint;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.CloudEvents;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.schemas.kafka.RejectedRecords.Raw;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.batch.MiniBatch;
import io.millrace.trainer.batch.PolledRecord;
import io.millrace.trainer.batch.WithOffset;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Records to publish with the next checkpoint: rejected examples and texts, and drift events. Each is sent in the transaction of the
 * checkpoint that covers its offset, so it is published exactly once. Rejected records are cut to the size that their topic takes: a
 * larger one would fail the transaction, again after every restart.
 */
public final class Outbox {

    /** Most waiting records of a topic: a stream of rejected records alone must not fill the memory. */
    private static final int MAX_RECORDS = 1000;

    /** Most bytes of a topic's waiting records, unless a single poll exceeds them. */
    private static final long MAX_BYTES = 32L << 20;

    private final KafkaConnection kafka;
    private final String task;
    private final int partition;
    private final RejectedRecords rejectedRecords;
    private final List<Waiting> waiting = new ArrayList<>();

    /** {@code offset} is one of {@code accepted-examples}, or of {@code texts}. */
    private record Waiting(boolean isText, long offset, ProducerRecord<String, byte[]> record) {

        private long bytes() {
            return record.value() == null ? 0 : record.value().length;
        }
    }

    /** An outbox of a task; {@code rejectedRecords} shapes records so that {@code rejected-examples} takes them. */
    public Outbox(KafkaConnection kafka, String task, int partition, RejectedRecords rejectedRecords) {
        this.kafka = kafka;
        this.task = task;
        this.partition = partition;
        this.rejectedRecords = rejectedRecords;
    }

    /** Adds an example that cannot be trained on, in the range of the next mini-batch. */
    public void untrainable(PolledRecord polled, RejectionReason reason, String message) {
        waiting.add(new Waiting(
                false,
                polled.offset(),
                rejected(Topics.ACCEPTED_EXAMPLES, polled.offset(), polled.value(), reason, message)));
    }

    /** Adds a record of {@code texts} that holds no text. */
    public void malformedText(PolledRecord polled) {
        waiting.add(new Waiting(
                true,
                polled.offset(),
                rejected(
                        Topics.TEXTS,
                        polled.offset(),
                        polled.value(),
                        RejectionReason.INVALID_JSON,
                        "expected an unlabelled text {\"id\": ..., \"text\": ...} that is not blank")));
    }

    /** Adds the examples and texts of a mini-batch that was not applied. */
    public void quarantined(MiniBatch batch) {
        String message = "the mini-batch at offsets " + batch.offsets().first() + " to "
                + batch.offsets().next() + " had a loss or a gradient that is not finite";
        batch.entries().forEach(entry -> reject(false, entry, RejectionReason.NOT_FINITE, message));
        batch.texts().entries().forEach(entry -> reject(true, entry, RejectionReason.NOT_FINITE, message));
    }

    /** Adds examples that were trained and are undone, because the loss exploded. */
    public void undone(List<WithOffset<LabelledExample>> entries) {
        entries.forEach(entry -> reject(
                false,
                entry,
                RejectionReason.LOSS_EXPLOSION,
                "the loss exploded, and what was trained since the last good checkpoint was undone"));
    }

    /** Adds examples that were trained and are undone, because the policy returned to the champion. */
    public void returned(List<WithOffset<LabelledExample>> entries) {
        entries.forEach(
                entry -> reject(
                        false,
                        entry,
                        RejectionReason.RETURNED_TO_CHAMPION,
                        "later checkpoints were rejected or drifted, and what was trained since the newest promoted one was undone"));
    }

    private void reject(boolean isText, WithOffset<?> entry, RejectionReason reason, String message) {
        byte[] value = Json.write(entry.value()).getBytes(StandardCharsets.UTF_8);
        Topic<?> from = isText ? Topics.TEXTS : Topics.ACCEPTED_EXAMPLES;
        waiting.add(new Waiting(isText, entry.offset(), rejected(from, entry.offset(), value, reason, message)));
    }

    private ProducerRecord<String, byte[]> rejected(
            Topic<?> from, long offset, byte @Nullable [] value, RejectionReason reason, String message) {
        Raw record = rejectedRecords.of(
                new Raw(task.getBytes(StandardCharsets.UTF_8), value, new RecordHeaders()),
                new Origin(kafka.named(from.name()), partition, offset, 0),
                reason,
                message);
        return new ProducerRecord<>(
                kafka.named(Topics.REJECTED_EXAMPLES.name()), null, null, task, record.value(), record.headers());
    }

    /** Adds drift that the mini-batches before {@code nextOffset} showed. */
    public void drift(long nextOffset, DriftEvent event) {
        String phase = event.phase().wireName();
        Topic<DriftEvent> topic = kafka.topic(Topics.DRIFT);
        waiting.add(new Waiting(
                false,
                nextOffset - 1,
                new ProducerRecord<>(
                        topic.name(),
                        null,
                        task,
                        topic.valueSerde().serializer().serialize(topic.name(), event),
                        CloudEvents.headers(
                                "drift." + phase,
                                "/trainer/" + task,
                                task + "/" + event.metric() + "/" + event.step() + "/" + phase,
                                event.metric(),
                                Instant.now()))));
    }

    /** How many records wait for a checkpoint that covers them: of {@code texts} if {@code texts}, else of {@code accepted-examples}. */
    public int waiting(boolean texts) {
        return (int) waiting.stream().filter(one -> one.isText == texts).count();
    }

    /** Whether so many records or bytes wait that a checkpoint should be written soon. */
    public boolean isFull(boolean texts) {
        return waiting(texts) >= MAX_RECORDS
                || waiting.stream()
                                .filter(one -> one.isText == texts)
                                .mapToLong(Waiting::bytes)
                                .sum()
                        >= MAX_BYTES;
    }

    /** Whether a drift event waits. */
    public boolean hasDrift() {
        String drift = kafka.named(Topics.DRIFT.name());
        return waiting.stream().anyMatch(one -> one.record.topic().equals(drift));
    }

    /**
     * Removes and returns the records that a checkpoint covers.
     *
     * @param nextOffset first offset of {@code accepted-examples} after its range
     * @param textsNextOffset first offset of {@code texts} after its range
     */
    public List<ProducerRecord<String, byte[]>> takeBefore(long nextOffset, long textsNextOffset) {
        List<ProducerRecord<String, byte[]>> taken = new ArrayList<>();
        waiting.removeIf(one -> {
            boolean covered = one.offset < (one.isText ? textsNextOffset : nextOffset);
            if (covered) {
                taken.add(one.record);
            }
            return covered;
        });
        return taken;
    }
}
