package io.millrace.app.produce;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The probes on the topic, and their partitions. A key is in the partition that its client chose, and not every client
 * hashes keys as Kafka's own does; it may be in several partitions, if several clients wrote it.
 */
final class ProbesByPartition {

    private final Map<String, Map<Integer, byte[]>> valueByPartitionByKey = new LinkedHashMap<>();

    /** Takes the next record of a partition; a value of null removes the key there. */
    void take(String key, int partition, byte[] value) {
        Map<Integer, byte[]> values = valueByPartitionByKey.computeIfAbsent(key, any -> new TreeMap<>());
        if (value == null) {
            values.remove(partition);
        } else {
            values.put(partition, value);
        }
        if (values.isEmpty()) {
            valueByPartitionByKey.remove(key);
        }
    }

    /** By partition what {@code key} holds; empty if it is not there. */
    Map<Integer, byte[]> of(String key) {
        return valueByPartitionByKey.getOrDefault(key, Map.of());
    }

    /** Forgets every key without this prefix. */
    void keepOnly(String prefix) {
        keys().removeIf(key -> !key.startsWith(prefix));
    }

    Set<String> keys() {
        return valueByPartitionByKey.keySet();
    }
}
