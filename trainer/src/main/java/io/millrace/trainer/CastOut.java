package io.millrace.trainer;

import io.millrace.schemas.CloudEvents;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.Json;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.RejectionHeaders;
import io.millrace.schemas.RejectionReason;
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

    private record Waiting(long offset, ProducerRecord<String, byte[]> record) {}

    CastOut(String task, int partition) {
        this.task = task;
        this.partition = partition;
    }

    void malformed(Arrival arrival) {
        reject(arrival.offset(), arrival.value(), RejectionReason.INVALID_JSON, Arrival.PROBLEM);
    }

    void quarantined(MiniBatch batch) {
        for (LabelledExample example : batch.examples()) {
            reject(
                    batch.offsets().first(),
                    Json.write(example).getBytes(StandardCharsets.UTF_8),
                    RejectionReason.NOT_FINITE,
                    "the mini-batch at offsets " + batch.offsets().first() + " to "
                            + batch.offsets().next() + " had a loss or a gradient that is not finite");
        }
    }

    private void reject(long offset, byte[] value, RejectionReason reason, String message) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.REJECTED_EXAMPLES.name(), task, value);
        header(record, RejectionHeaders.REASON, reason.wireName());
        header(record, RejectionHeaders.MESSAGE, message);
        header(record, RejectionHeaders.TOPIC, Topics.ACCEPTED_EXAMPLES.name());
        header(record, RejectionHeaders.PARTITION, Integer.toString(partition));
        header(record, RejectionHeaders.OFFSET, Long.toString(offset));
        waiting.add(new Waiting(offset, record));
    }

    private static void header(ProducerRecord<String, byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Drift that the mini-batches before {@code nextOffset} showed. */
    void drift(long nextOffset, DriftEvent event) {
        String phase = event.phase().wireName();
        waiting.add(new Waiting(
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

    /** Whether drift waits to be sent. */
    boolean hasDrift() {
        return waiting.stream().anyMatch(one -> one.record.topic().equals(Topics.DRIFT.name()));
    }

    /** Hands out what lies before {@code nextOffset}. */
    List<ProducerRecord<String, byte[]>> takeBefore(long nextOffset) {
        List<ProducerRecord<String, byte[]>> taken = new ArrayList<>();
        for (Waiting one : waiting) {
            if (one.offset < nextOffset) {
                taken.add(one.record);
            }
        }
        waiting.removeIf(one -> one.offset < nextOffset);
        return taken;
    }
}
