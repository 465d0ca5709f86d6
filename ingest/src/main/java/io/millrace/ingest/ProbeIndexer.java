package io.millrace.ingest;

import io.millrace.schemas.JsonSerde;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.Topics;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Keeps the {@link ProbeIndex} equal to the {@code probes} topic. Kafka Streams also runs it over the whole topic when
 * the process starts, before the first example is read.
 *
 * <p>What the index holds for a key follows from the newest record of that key alone, because compaction may have
 * removed the older ones. So a record that is no probe is counted and takes the probe of the same key out.
 */
final class ProbeIndexer implements Processor<byte[], byte[], Void, Void> {

    private final Deserializer<ProbeExample> deserializer = new JsonSerde<>(ProbeExample.class).deserializer();
    private final IngestMetrics metrics;
    private ProbeIndex index;

    ProbeIndexer(IngestMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        index = new ProbeIndex(context.getStateStore(ProbeIndex.STORE));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (record.key() == null) {
            metrics.malformedProbe();
            return;
        }
        String probe = new String(record.key(), StandardCharsets.UTF_8);
        fingerprintOf(record.value()).ifPresentOrElse(fingerprint -> put(probe, fingerprint), () -> remove(probe));
    }

    private void put(String probe, String fingerprint) {
        if (index.put(probe, fingerprint)) {
            metrics.probeAdded();
        }
    }

    private void remove(String probe) {
        if (index.remove(probe)) {
            metrics.probeRemoved();
        }
    }

    /** Of the probe's text; empty for a tombstone, and for a record that is no probe, which is counted. */
    private Optional<String> fingerprintOf(byte[] value) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            ProbeExample probe = deserializer.deserialize(Topics.PROBES.name(), value);
            if (isComplete(probe)) {
                return Optional.of(Fingerprint.ofText(probe.task(), probe.example()));
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
