package io.millrace.ingest;

import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.kafka.JsonSerde;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Keeps the {@link ProbeIndex} equal to the {@code probes} topic. Kafka Streams also runs it over the whole topic when
 * the process starts, before the first example is read.
 *
 * <p>The index depends only on the newest record of each key in each partition, because compaction may have removed older
 * ones, and partitions are read in any order. So a record that is not a probe is counted, and removes the probe that it
 * replaces in its partition.
 */
final class ProbeIndexer implements Processor<byte[], byte[], Void, Void> {

    private final Deserializer<ProbeExample> deserializer = new JsonSerde<>(ProbeExample.class).deserializer();
    private final IngestMetrics metrics;
    // Kafka Streams calls init before the first record.
    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<Void, Void> context;

    // Kafka Streams calls init before the first record.
    @SuppressWarnings("NullAway.Init")
    private ProbeIndex index;

    ProbeIndexer(IngestMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        this.context = context;
        this.index = new ProbeIndex(context.getStateStore(ProbeIndex.STORE));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (record.key() == null) {
            metrics.malformedProbe();
            return;
        }
        String probe = new String(record.key(), StandardCharsets.UTF_8);
        int partition = context.recordMetadata().map(RecordMetadata::partition).orElseThrow();
        fingerprintOf(record.value())
                .ifPresentOrElse(fingerprint -> put(partition, probe, fingerprint), () -> remove(partition, probe));
    }

    private void put(int partition, String probe, String fingerprint) {
        if (index.put(partition, probe, fingerprint)) {
            metrics.probeAdded();
        }
    }

    private void remove(int partition, String probe) {
        if (index.remove(partition, probe)) {
            metrics.probeRemoved();
        }
    }

    /** Of the probe's text; empty for a tombstone, and for a record that is not a probe, which is counted. */
    private Optional<String> fingerprintOf(byte @Nullable [] value) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            ProbeExample probe = deserializer.deserialize(Topics.PROBES.name(), value);
            if (isComplete(probe)) {
                return Optional.of(TextFingerprint.ofText(probe.task(), probe.example()));
            }
        } catch (SerializationException e) {
            // Counted below, like a probe without task or text.
        }
        metrics.malformedProbe();
        return Optional.empty();
    }

    private static boolean isComplete(ProbeExample probe) {
        return probe != null
                && probe.task() != null
                && probe.example() != null
                && probe.example().text() != null;
    }
}
