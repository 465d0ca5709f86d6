package io.millrace.evaluator.state;

import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NumberLabel;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The probe sets of the {@code probes} topic, folded from its records. The newest record of a key counts. Within a
 * partition that is the last one, as in compaction. Clients may put a key into different partitions; across partitions it
 * is the record with the newest timestamp, or among equal ones that in the highest partition. So the order in which
 * partitions are read does not matter. A record that is not a probe example, such as a tombstone, removes the key's
 * example. Probe examples of other tasks are not kept.
 */
final class ProbeSets {

    private final Map<String, Task> tasks;
    private final Map<String, Map<Integer, Newest>> newestByKey = new HashMap<>();
    private final Map<String, List<ProbeSet>> setsByTask = new HashMap<>();

    ProbeSets(Map<String, Task> tasks) {
        this.tasks = Map.copyOf(tasks);
    }

    /**
     * The last record of a key in a partition.
     *
     * @param timestampMs its timestamp
     * @param probe its probe example; null if it has none
     */
    private record Newest(long timestampMs, @Nullable ProbeExample probe) {}

    /**
     * Applies the next record. Records of one partition must come in order.
     *
     * @return the fault, if the record is malformed
     */
    Optional<String> apply(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            replace(record, null);
            return Optional.empty();
        }
        ProbeExample probe;
        try {
            probe = Topics.PROBES.valueSerde().deserializer().deserialize(Topics.PROBES.name(), record.value());
        } catch (SerializationException e) {
            replace(record, null);
            return Optional.of(String.valueOf(e.getMessage()));
        }
        Optional<String> fault = probe.task() != null && !tasks.containsKey(probe.task())
                ? Optional.empty()
                : fault(record.key(), probe);
        boolean isKept = fault.isEmpty() && tasks.containsKey(probe.task());
        replace(record, isKept ? probe : null);
        return fault;
    }

    /** The probe sets of a task, sorted by name; a set is in distribution if all of its examples are. */
    List<ProbeSet> of(String task) {
        return setsByTask.computeIfAbsent(task, this::build);
    }

    private List<ProbeSet> build(String task) {
        Map<String, List<ProbeExample>> byName = new TreeMap<>();
        for (Map<Integer, Newest> newest : newestByKey.values()) {
            ProbeExample probe = newestOf(newest);
            if (probe != null && probe.task().equals(task)) {
                byName.computeIfAbsent(probe.probeSet(), name -> new ArrayList<>())
                        .add(probe);
            }
        }
        return byName.entrySet().stream()
                .map(set -> ProbeSet.of(
                        set.getKey(),
                        distribution(set.getValue()),
                        set.getValue().stream().map(ProbeExample::example).toList()))
                .toList();
    }

    private void replace(ConsumerRecord<String, byte[]> record, @Nullable ProbeExample probe) {
        String task = taskOf(record.key());
        if (!tasks.containsKey(task)) {
            return;
        }
        Newest newest = new Newest(record.timestamp(), probe);
        newestByKey.merge(record.key(), Map.of(record.partition(), newest), ProbeSets::merged);
        setsByTask.remove(task);
    }

    private static Map<Integer, Newest> merged(Map<Integer, Newest> before, Map<Integer, Newest> added) {
        Map<Integer, Newest> merged = new HashMap<>(before);
        merged.putAll(added);
        return Map.copyOf(merged);
    }

    private static @Nullable ProbeExample newestOf(Map<Integer, Newest> byPartition) {
        return byPartition.entrySet().stream()
                .max(Map.Entry.<Integer, Newest>comparingByValue(
                                (one, other) -> Long.compare(one.timestampMs(), other.timestampMs()))
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(newest -> newest.getValue().probe())
                .orElse(null);
    }

    /** The part before the first slash; task names have none. */
    private static String taskOf(@Nullable String key) {
        if (key == null) {
            return "";
        }
        int slash = key.indexOf('/');
        return slash < 0 ? "" : key.substring(0, slash);
    }

    private static Distribution distribution(Collection<ProbeExample> probes) {
        return probes.stream().allMatch(probe -> probe.distribution() == Distribution.IN_DISTRIBUTION)
                ? Distribution.IN_DISTRIBUTION
                : Distribution.OUT_OF_DISTRIBUTION;
    }

    private Optional<String> fault(@Nullable String key, ProbeExample probe) {
        LabelledExample example = probe.example();
        Task task = probe.task() == null ? null : tasks.get(probe.task());
        if (task == null || probe.distribution() == null || example == null) {
            return Optional.of("expected task, distribution and example, got " + probe.task() + ", "
                    + probe.distribution() + " and " + (example == null ? "no example" : "an example"));
        }
        Optional<String> faultOfSet = ProbeExample.faultOfSet(probe.probeSet());
        if (faultOfSet.isPresent()) {
            return faultOfSet;
        }
        if (isBlank(example.id()) || isBlank(example.text()) || isBlank(example.label())) {
            return Optional.of("the example needs id, text and label");
        }
        if (!probe.key().equals(key)) {
            return Optional.of(
                    "the key must be task/probeSet/id: expected \"" + probe.key() + "\", got \"" + key + "\"");
        }
        return faultOfKind(task, example);
    }

    /** A label that the task does not list is no fault: the head may have grown to it, or the model is wrong there. */
    private static Optional<String> faultOfKind(Task task, LabelledExample example) {
        if (task.kind().isPair() != (example.textPair() != null)) {
            return Optional.of("task " + task.name() + " takes " + (task.kind().isPair() ? "pairs" : "single texts")
                    + ", but the example has " + (example.textPair() == null ? "no textPair" : "a textPair"));
        }
        if (task.kind().isRegression() && NumberLabel.parse(example.label()).isEmpty()) {
            return Optional.of("task " + task.name() + " is a regression, but the label is not a number: \""
                    + example.label() + "\"");
        }
        return Optional.empty();
    }

    private static boolean isBlank(@Nullable String value) {
        return value == null || value.isBlank();
    }
}
