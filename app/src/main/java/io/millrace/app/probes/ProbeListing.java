package io.millrace.app.probes;

import io.millrace.app.console.Table;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.evaluator.gate.ProbeMargin;
import io.millrace.evaluator.state.PresentProbes;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.kafka.KafkaConnection;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The probe sets of some tasks, with the loss of accuracy that each can rule out.
 *
 * @param sets one entry per set, by task and name
 */
public record ProbeListing(List<Entry> sets) {

    private static final int SHOWN_VERSION_CHARS = 12;

    public ProbeListing {
        sets = List.copyOf(sets);
    }

    /**
     * A probe set.
     *
     * @param task its task
     * @param name its name
     * @param version SHA-256 over its examples
     * @param distribution in or out of the distribution of the stream
     * @param examples how many it has
     * @param labels how many labels they have
     * @param required whether a loss on it keeps a checkpoint from becoming the champion
     * @param margin the loss of accuracy that the configuration tolerates
     * @param holds the smallest loss that the gate can rule out with so many examples; as much as the margin, or more
     */
    public record Entry(
            String task,
            String name,
            String version,
            Distribution distribution,
            int examples,
            long labels,
            boolean required,
            double margin,
            double holds) {}

    /** The sets that the evaluator scores, as the topic has them now. */
    public static ProbeListing of(KafkaConnection kafka, List<EvaluatedTask> tasks) {
        List<Entry> entries = new ArrayList<>();
        for (EvaluatedTask task : tasks) {
            entries.addAll(entries(task, PresentProbes.of(kafka, task.task())));
        }
        return new ProbeListing(entries);
    }

    static List<Entry> entries(EvaluatedTask task, List<ProbeSet> probeSets) {
        EvaluationConfig config = task.evaluation();
        List<ProbeSetReference> references =
                probeSets.stream().map(ProbeSet::reference).toList();
        int required = ProbeMargin.required(config, references);
        return probeSets.stream()
                .map(set -> new Entry(
                        task.task().name(),
                        set.name(),
                        set.reference().version(),
                        set.reference().distribution(),
                        set.reference().examples(),
                        set.examples().stream()
                                .map(example -> example.label())
                                .distinct()
                                .count(),
                        !config.advisory().contains(set.name()),
                        config.marginOf(set.name()),
                        ProbeMargin.of(config, set.reference(), required)))
                .toList();
    }

    /** The table for the console. */
    public List<String> lines() {
        if (sets.isEmpty()) {
            return List.of("there are no probe sets: load some with ./millrace probes load");
        }
        List<List<String>> rows = sets.stream()
                .map(set -> List.of(
                        set.task(),
                        set.name(),
                        set.distribution() == Distribution.IN_DISTRIBUTION ? "in" : "out",
                        Integer.toString(set.examples()),
                        Long.toString(set.labels()),
                        set.version().substring(0, SHOWN_VERSION_CHARS),
                        set.required() ? "yes" : "no",
                        share(set.margin()),
                        share(set.holds())))
                .toList();
        return new Table(
                        List.of(
                                "task",
                                "probe set",
                                "distribution",
                                "examples",
                                "labels",
                                "version",
                                "required",
                                "margin",
                                "rules out a loss of"),
                        rows)
                .lines();
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
