package io.millrace.app.produce;

import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.kafka.Topic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The records that turn a probe set into the wanted one. A key is changed or removed in every partition that has it: compaction
 * knows partitions only, so that after a removal elsewhere it would come back with the next restart of a reader. A key that several
 * partitions have gets the same value in all of them.
 *
 * @param records what to write
 * @param replacement what that does
 */
record ProbeChanges(List<ProducerRecord<String, byte[]>> records, ProbeTopic.Replacement replacement) {

    /** {@code topic} holds the probes. */
    static ProbeChanges between(Topic<ProbeExample> topic, ProbesByPartition present, List<ProbeExample> examples) {
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        Set<String> wanted = new HashSet<>();
        int written = 0;
        try (Serializer<ProbeExample> serializer = topic.valueSerde().serializer()) {
            for (ProbeExample example : examples) {
                wanted.add(example.key());
                byte[] value = serializer.serialize(topic.name(), example);
                List<ProducerRecord<String, byte[]>> changes =
                        changes(topic, example.key(), value, present.of(example.key()));
                records.addAll(changes);
                written += changes.isEmpty() ? 0 : 1;
            }
        }
        int removed = 0;
        for (String key : present.keys()) {
            if (!wanted.contains(key)) {
                present.of(key).keySet().forEach(partition -> records.add(record(topic, partition, key, null)));
                removed++;
            }
        }
        return new ProbeChanges(
                List.copyOf(records), new ProbeTopic.Replacement(written, removed, examples.size() - written));
    }

    private static List<ProducerRecord<String, byte[]>> changes(
            Topic<?> topic, String key, byte[] value, Map<Integer, byte[]> present) {
        if (present.isEmpty()) {
            return List.of(record(topic, null, key, value));
        }
        return present.entrySet().stream()
                .filter(there -> !Arrays.equals(there.getValue(), value))
                .map(there -> record(topic, there.getKey(), key, value))
                .toList();
    }

    /** {@code partition}: null for the one that the client chooses. */
    private static ProducerRecord<String, byte[]> record(
            Topic<?> topic, @Nullable Integer partition, String key, byte @Nullable [] value) {
        return new ProducerRecord<>(topic.name(), partition, key, value);
    }
}
