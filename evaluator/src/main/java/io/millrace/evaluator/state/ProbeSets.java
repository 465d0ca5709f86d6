package io.millrace.evaluator.state;

import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NumberLabel;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The probe sets as the {@code probes} topic has them: a fold over its records. Of a key, the newest record counts: in a
 * partition the last one, as in compaction; of several partitions, as clients differ in where they put a key, the one
 * with the newest timestamp, and among equal ones that in the highest partition. So it does not matter in which order
 * partitions are read. A record that is no probe example, a tombstone among them, takes away what its key held. Probe
 * examples of tasks that are not asked for are not kept.
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
     * @param timestampMs when it was written
     * @param probe what it says; null if nothing
     */
    private record Newest(long timestampMs, ProbeExample probe) {}

    /**
     * Takes in the next record; those of one partition come in their order.
     *
     * @return what is wrong with it, if it is malformed
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
            return Optional.of(e.getMessage());
        }
        Optional<String> fault = probe.task() != null && !tasks.containsKey(probe.task())
                ? Optional.empty()
                : fault(record.key(), probe);
        boolean isKept = fault.isEmpty() && tasks.containsKey(probe.task());
        replace(record, isKept ? probe : null);
        return fault;
    }

    /** The probe sets of a task in the order of their names; a set is in distribution if all of its examples are. */
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

    private void replace(ConsumerRecord<String, byte[]> record, ProbeExample probe) {
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

    private static ProbeExample newestOf(Map<Integer, Newest> byPartition) {
        return byPartition.entrySet().stream()
                .max(Map.Entry.<Integer, Newest>comparingByValue(
                                (one, other) -> Long.compare(one.timestampMs(), other.timestampMs()))
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(newest -> newest.getValue().probe())
                .orElse(null);
    }

    /** What stands before the first slash; no task's name has one. */
    private static String taskOf(String key) {
        int slash = key == null ? -1 : key.indexOf('/');
        return slash < 0 ? "" : key.substring(0, slash);
    }

    private static Distribution distribution(Collection<ProbeExample> probes) {
        return probes.stream().allMatch(probe -> probe.distribution() == Distribution.IN_DISTRIBUTION)
                ? Distribution.IN_DISTRIBUTION
                : Distribution.OUT_OF_DISTRIBUTION;
    }

    private Optional<String> fault(String key, ProbeExample probe) {
        LabelledExample example = probe.example();
        if (probe.task() == null || probe.distribution() == null || example == null) {
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
        return faultOfKind(tasks.get(probe.task()), example);
    }

    /** Labels that the task does not list are no fault: the head may have grown to them, or the model is wrong there. */
    private static Optional<String> faultOfKind(Task task, LabelledExample example) {
        if (task.kind().isPair() != (example.textPair() != null)) {
            return Optional.of("task " + task.name() + " takes " + (task.kind().isPair() ? "pairs" : "single texts")
                    + ", but the example has " + (example.textPair() == null ? "no textPair" : "a textPair"));
        }
        if (task.kind().isRegression() && NumberLabel.parse(example.label()).isEmpty()) {
            return Optional.of("task " + task.name() + " is a regression, but the label is no number: \""
                    + example.label() + "\"");
        }
        return Optional.empty();
    }

    private static boolean isBlank(String value) {
        return value == null || value.isBlank();
    }
}
