package io.millrace.trainer;

import io.millrace.schemas.CloudEvents;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.Json;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.RejectionHeaders;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What training brings forth besides checkpoints: examples that could not be trained, and drift. Each leaves in the transaction of
 * the checkpoint that covers its offset, so that it is there exactly once.
 */
final class CastOut {

    private final String task;
    private final int partition;
    private final List<Waiting> waiting = new ArrayList<>();

    /** {@code offset} is one of {@code accepted-examples}, or of {@code texts}. */
    private record Waiting(boolean isText, long offset, ProducerRecord<String, byte[]> record) {}

    CastOut(String task, int partition) {
        this.task = task;
        this.partition = partition;
    }

    /** An example that cannot be trained on, in the range of the mini-batch that comes next. */
    void untrainable(Arrival arrival, RejectionReason reason, String message) {
        waiting.add(new Waiting(
                false,
                arrival.offset(),
                rejected(Topics.ACCEPTED_EXAMPLES, arrival.offset(), arrival.value(), reason, message)));
    }

    /** A record of {@code texts} that holds no text. */
    void malformedText(Arrival arrival) {
        waiting.add(new Waiting(
                true,
                arrival.offset(),
                rejected(
                        Topics.TEXTS,
                        arrival.offset(),
                        arrival.value(),
                        RejectionReason.INVALID_JSON,
                        "expected an unlabelled text {\"id\": ..., \"text\": ...} that is not blank")));
    }

    void quarantined(MiniBatch batch) {
        String message = "the mini-batch at offsets " + batch.offsets().first() + " to "
                + batch.offsets().next() + " had a loss or a gradient that is not finite";
        batch.entries().forEach(entry -> reject(false, entry, RejectionReason.NOT_FINITE, message));
        batch.texts().entries().forEach(entry -> reject(true, entry, RejectionReason.NOT_FINITE, message));
    }

    /** Examples that were trained, and are undone. */
    void undone(List<At<LabelledExample>> entries) {
        entries.forEach(entry -> reject(
                false,
                entry,
                RejectionReason.LOSS_EXPLOSION,
                "the loss exploded, and what was trained since the last good checkpoint was undone"));
    }

    private void reject(boolean isText, At<?> entry, RejectionReason reason, String message) {
        byte[] value = Json.write(entry.value()).getBytes(StandardCharsets.UTF_8);
        Topic<?> from = isText ? Topics.TEXTS : Topics.ACCEPTED_EXAMPLES;
        waiting.add(new Waiting(isText, entry.offset(), rejected(from, entry.offset(), value, reason, message)));
    }

    private ProducerRecord<String, byte[]> rejected(
            Topic<?> from, long offset, byte[] value, RejectionReason reason, String message) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.REJECTED_EXAMPLES.name(), task, value);
        header(record, RejectionHeaders.REASON, reason.wireName());
        header(record, RejectionHeaders.MESSAGE, message);
        header(record, RejectionHeaders.TOPIC, from.name());
        header(record, RejectionHeaders.PARTITION, Integer.toString(partition));
        header(record, RejectionHeaders.OFFSET, Long.toString(offset));
        return record;
    }

    private static void header(ProducerRecord<String, byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Drift that the mini-batches before {@code nextOffset} showed. */
    void drift(long nextOffset, DriftEvent event) {
        String phase = event.phase().wireName();
        waiting.add(new Waiting(
                false,
                nextOffset - 1,
                new ProducerRecord<>(
                        Topics.DRIFT.name(),
                        null,
                        task,
                        Topics.DRIFT.valueSerde().serializer().serialize(Topics.DRIFT.name(), event),
                        CloudEvents.headers(
                                "drift." + phase,
                                "/trainer/" + task,
                                task + "/" + event.metric() + "/" + event.step() + "/" + phase,
                                event.metric(),
                                Instant.now()))));
    }

    /** How many records of {@code accepted-examples}, and of {@code texts}, wait for a checkpoint that covers them. */
    int waiting(boolean texts) {
        return (int) waiting.stream().filter(one -> one.isText == texts).count();
    }

    /** Whether drift waits to be sent. */
    boolean hasDrift() {
        return waiting.stream().anyMatch(one -> one.record.topic().equals(Topics.DRIFT.name()));
    }

    /**
     * Hands out what a checkpoint covers.
     *
     * @param nextOffset first offset of {@code accepted-examples} that it does not
     * @param textsNextOffset first offset of {@code texts} that it does not
     */
    List<ProducerRecord<String, byte[]>> takeBefore(long nextOffset, long textsNextOffset) {
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
