package io.millrace.evaluator;

import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NumberLabel;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.Topics;
import org.apache.kafka.common.errors.SerializationException;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The probe sets as the {@code probes} topic has them: a fold over its records, newest of each key last. A record that
 * is no probe example takes away what its key held before, as compaction would; so the probe sets, and with them their
 * versions, follow from the compacted topic alone. Probe examples of tasks that are not asked for are not kept.
 */
final class ProbeSets {

    private final Map<String, Task> tasks;
    private final Map<String, ProbeExample> exampleByKey = new HashMap<>();

    ProbeSets(Map<String, Task> tasks) {
        this.tasks = Map.copyOf(tasks);
    }

    /**
     * Takes in the next record.
     *
     * @return what is wrong with it, if it is malformed
     */
    Optional<String> apply(String key, byte[] value) {
        exampleByKey.remove(key);
        if (value == null) {
            return Optional.empty();
        }
        ProbeExample probe;
        try {
            probe = Topics.PROBES.valueSerde().deserializer().deserialize(Topics.PROBES.name(), value);
        } catch (SerializationException e) {
            return Optional.of(e.getMessage());
        }
        if (probe == null) {
            return Optional.of("the value is JSON null, expected a probe example");
        }
        if (probe.task() != null && !tasks.containsKey(probe.task())) {
            return Optional.empty();
        }
        Optional<String> fault = fault(key, probe);
        if (fault.isEmpty()) {
            exampleByKey.put(key, probe);
        }
        return fault;
    }

    /** The probe sets of a task in the order of their names; a set is in distribution if all of its examples are. */
    List<ProbeSet> of(String task) {
        Map<String, List<ProbeExample>> byName = new TreeMap<>();
        for (ProbeExample probe : exampleByKey.values()) {
            if (probe.task().equals(task)) {
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
        if (isBlank(probe.probeSet()) || probe.probeSet().indexOf('/') >= 0) {
            return Optional.of("probeSet must be a name without \"/\", got \"" + probe.probeSet() + "\"");
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
