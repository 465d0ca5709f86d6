package io.millrace.app.produce;

import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes a probe set on the topic equal to a file, in one transaction: no reader sees half of it. */
public final class ProbeTopic {

    /** Start of every transactional id, after the installation's prefix. */
    static final String TRANSACTIONS = "millrace-probes-";

    private ProbeTopic() {}

    /**
     * Counts of a replacement.
     *
     * @param written examples that are new or changed
     * @param removed examples that were deleted
     * @param unchanged examples that were there already
     */
    public record Replacement(int written, int removed, int unchanged) {}

    /**
     * Replaces one probe set; loading the same again writes nothing. Each probe set has a transactional id of its own: a load
     * ends what one that was killed has left open, which readers would wait for, and fences one that is still running elsewhere.
     *
     * @throws IllegalArgumentException if the task has as many other probe sets as the evaluator scores
     */
    public static Replacement replace(KafkaConnection kafka, ProbeFile probeSet, List<ProbeExample> examples) {
        Map<String, Object> settings = ProducerSettings.idempotent(kafka);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.named(TRANSACTIONS + prefix(probeSet)));
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            ProbesByPartition present = present(kafka, probeSet.task() + "/");
            if (!examples.isEmpty()) {
                requireRoom(probeSet, present.keys());
            }
            present.keepOnly(prefix(probeSet));
            ProbeChanges changes = ProbeChanges.between(kafka.topic(Topics.PROBES), present, examples);
            if (!changes.records().isEmpty()) {
                write(producer, changes.records());
            }
            return changes.replacement();
        }
    }

    /** Of the keys of its examples. */
    private static String prefix(ProbeFile probeSet) {
        return probeSet.task() + "/" + probeSet.probeSet() + "/";
    }

    private static void requireRoom(ProbeFile probeSet, Set<String> keysOfTask) {
        Set<String> others = keysOfTask.stream()
                .map(key -> key.split("/", 3)[1])
                .filter(name -> !name.equals(probeSet.probeSet()))
                .collect(Collectors.toSet());
        if (others.size() >= ProbeExample.MAX_SETS) {
            throw new IllegalArgumentException("task " + probeSet.task() + " has " + others.size()
                    + " other probe sets, and the evaluator scores at most " + ProbeExample.MAX_SETS
                    + " of a task. Remove one first: load an empty file as it.");
        }
    }

    private static ProbesByPartition present(KafkaConnection kafka, String keyPrefix) {
        ProbesByPartition present = new ProbesByPartition();
        TopicReader.readAll(kafka, Topics.PROBES, probe -> {
            if (probe.key() != null && probe.key().startsWith(keyPrefix)) {
                present.take(probe.key(), probe.partition(), probe.value());
            }
        });
        return present;
    }

    private static void write(KafkaProducer<String, byte[]> producer, List<ProducerRecord<String, byte[]>> changes) {
        producer.beginTransaction();
        changes.forEach(change -> {
            var unused = producer.send(change);
        });
        producer.commitTransaction();
    }
}
