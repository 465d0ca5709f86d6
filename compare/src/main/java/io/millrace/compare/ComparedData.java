package io.millrace.compare;

import io.millrace.compare.CompareOptions.Data;
import io.millrace.compare.result.Measure;
import io.millrace.ingest.file.DataFile;
import io.millrace.ingest.file.MemoryBudget;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.NumberLabel;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.config.ConfigException;
import io.millrace.schemas.store.Sha256;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The data of a comparison: the stream, the probe sets, and the task that follows from them.
 *
 * @param task the task
 * @param stream the examples to train on
 * @param decontaminated how many examples were left out because their text is in a probe set
 * @param probeSets the probe sets
 * @param fingerprint hashes of the stream and of the probe sets
 */
record ComparedData(
        Task task,
        List<LabelledExample> stream,
        int decontaminated,
        List<ComparedProbeSet> probeSets,
        Map<String, String> fingerprint) {

    private static final String NAME = "compare";

    static ComparedData read(Data data) throws IOException {
        MemoryBudget budget = MemoryBudget.ofThisProcess();
        boolean regression = data.task().regression();
        ExampleFile stream = data.task().configured().isPresent()
                ? ExampleFile.stream(
                        data.stream(), data.limit(), data.task().configured().get(), budget)
                : ExampleFile.stream(data.stream(), data.limit(), regression, budget);
        boolean paired = stream.isPaired();
        List<ComparedProbeSet> probeSets = new ArrayList<>();
        StringBuilder probes = new StringBuilder();
        for (Map.Entry<String, DataFile> probe : data.probes().entrySet()) {
            ExampleFile file = ExampleFile.probes(probe.getValue(), regression, budget);
            if (file.isPaired() != paired) {
                throw new ConfigException(file.file() + ": the examples must have "
                        + (paired ? "a textPair, because those of " : "no textPair, because those of ") + data.stream()
                        + (paired ? " have one" : " have none"));
            }
            probeSets.add(new ComparedProbeSet(probe.getKey(), measure(file, regression), file.examples()));
            probes.append(probe.getKey()).append(' ').append(file.sha256()).append('\n');
        }
        requireInScope(probeSets);
        List<LabelledExample> kept = ProbeDecontamination.without(probeSets, stream.examples());
        if (kept.isEmpty()) {
            throw new ConfigException(data.stream() + " has no example left to train on: all are in a probe set");
        }
        return new ComparedData(
                task(data, kept, paired),
                kept,
                stream.examples().size() - kept.size(),
                probeSets,
                Map.of(
                        "stream",
                        stream.sha256(),
                        "number of examples",
                        Integer.toString(stream.examples().size()),
                        "list of probe sets",
                        Sha256.of(probes.toString())));
    }

    private static Measure measure(ExampleFile file, boolean regression) {
        if (regression) {
            requireNumbers(file);
            return Measure.R_SQUARED;
        }
        return file.isLabelled() ? Measure.ACCURACY : Measure.AUROC;
    }

    private static void requireNumbers(ExampleFile file) {
        if (!file.isLabelled()) {
            throw new ConfigException(
                    file.file()
                            + ": a regression cannot tell in-scope and out-of-scope texts apart. Leave out probe sets without labels.");
        }
        long different = file.examples().stream()
                .map(example -> number(file.file(), example))
                .distinct()
                .count();
        if (different < 2) {
            throw new ConfigException(file.file() + ": the labels of a regression's probe set must differ, got only "
                    + file.examples().get(0).label());
        }
    }

    private static double number(DataFile file, LabelledExample example) {
        return NumberLabel.parse(example.label())
                .orElseThrow(() -> new ConfigException(file + " example " + example.id()
                        + ": the label of a regression must be a number, got \"" + example.label() + "\""));
    }

    private static void requireInScope(List<ComparedProbeSet> probeSets) {
        Optional<ComparedProbeSet> outOfScope = probeSets.stream()
                .filter(probeSet -> probeSet.measure() == Measure.AUROC)
                .findFirst();
        boolean inScope = probeSets.stream().anyMatch(probeSet -> probeSet.measure() == Measure.ACCURACY);
        if (outOfScope.isPresent() && !inScope) {
            throw new ConfigException("probe set " + outOfScope.get().name()
                    + " has no labels: it is compared with the first probe set that has labels, and there is none."
                    + " Give one more --probe.");
        }
    }

    private static Task task(Data data, List<LabelledExample> stream, boolean paired) {
        if (data.task().regression()) {
            stream.forEach(example -> number(data.stream(), example));
            return new Task(
                    NAME,
                    paired ? TaskKind.PAIR_REGRESSION : TaskKind.REGRESSION,
                    List.of(),
                    NewLabels.REJECT,
                    Task.DEFAULT_MAX_LABELS,
                    data.task().configured().map(Task::tolerance).orElse(Task.DEFAULT_TOLERANCE),
                    Integer.MAX_VALUE);
        }
        TreeSet<String> present = new TreeSet<>();
        stream.forEach(example -> present.add(example.label()));
        List<String> labels = labels(data, present);
        present.removeAll(labels);
        if (!present.isEmpty()) {
            throw new ConfigException(data.stream() + " has the label \"" + present.first()
                    + "\", which --labels does not name. Name all labels, or leave out --labels.");
        }
        if (labels.size() < 2) {
            throw new ConfigException(data.stream() + " must have examples of at least two labels, got only " + labels
                    + ". Take more examples with --limit, or name all labels with --labels.");
        }
        return new Task(NAME, paired ? TaskKind.PAIR : TaskKind.SINGLE, labels, Integer.MAX_VALUE);
    }

    /** The labels that were given; those of the stream if there are none, and after them if the configured task takes new ones. */
    private static List<String> labels(Data data, TreeSet<String> present) {
        Set<String> labels = new LinkedHashSet<>(data.task().labels());
        boolean grows = data.task()
                .configured()
                .filter(task -> task.newLabels() == NewLabels.GROW)
                .isPresent();
        if (labels.isEmpty() || grows) {
            labels.addAll(present);
        }
        return List.copyOf(labels);
    }
}
