package io.millrace.compare;

import io.millrace.compare.result.RunFingerprint;
import io.millrace.schemas.Task;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfig;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The runs to make. Making the plan checks all options and files.
 *
 * @param stream the stream and the probe sets
 * @param runs the runs in their order: all methods with the first seed, then all with the next
 * @param shared the fingerprint of what all runs share; its run part is empty
 * @param facts the inputs, for the table
 */
record ComparisonPlan(StreamRun stream, List<PlannedRun> runs, RunFingerprint shared, Map<String, String> facts) {

    /** Changes when older results can no longer be read or compared. */
    private static final String FORMAT = "1";

    private static final int SHOWN_HASH = 12;

    static ComparisonPlan of(CompareOptions options) throws IOException {
        BaseTraining base = BaseTraining.of(options);
        TrainingConfig plain = base.plain();
        ComparedData examples = ComparedData.read(options.data());
        EncoderFiles encoders = new EncoderFiles();
        Map<String, String> comparison = new LinkedHashMap<>();
        comparison.put("format", FORMAT);
        comparison.putAll(examples.fingerprint());
        comparison.put("number of evaluations", Integer.toString(options.evaluations()));
        comparison.put("encoder", encoders.sha256(plain.encoder()));
        comparison.put("configuration", plain.sha256(examples.task()));
        List<PlannedRun> runs = new ArrayList<>();
        for (long seed : options.seeds()) {
            for (MethodChoice method : options.methods()) {
                TrainingConfig training = base.of(method, seed);
                Map<String, String> run = Map.of(
                        "method", method.label(),
                        "encoder of the method", encoders.sha256(training.encoder()),
                        "configuration of the method", training.sha256(examples.task()));
                runs.add(new PlannedRun(
                        method, seed, new TrainedTask(examples.task(), training), new RunFingerprint(comparison, run)));
            }
        }
        Map<String, String> facts = facts(options, examples);
        facts.put("encoder", plain.encoder() + " (" + comparison.get("encoder").substring(0, SHOWN_HASH) + ")");
        facts.put("configuration", base.described());
        return new ComparisonPlan(
                new StreamRun(examples.stream(), examples.probeSets(), options.evaluations()),
                runs,
                new RunFingerprint(comparison, Map.of()),
                facts);
    }

    private static Map<String, String> facts(CompareOptions options, ComparedData examples) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "stream",
                String.format(
                                Locale.ROOT,
                                "%s: %,d examples",
                                options.data().stream(),
                                examples.stream().size())
                        + (examples.decontaminated() == 0
                                ? ""
                                : ", without " + examples.decontaminated() + " whose text is in a probe set"));
        Task task = examples.task();
        facts.put(
                "task",
                task.kind().isRegression()
                        ? "a number"
                        : task.labels().size() + " labels" + (task.kind().isPair() ? ", pairs of texts" : ""));
        facts.put(
                "probe sets",
                examples.probeSets().stream()
                        .map(probeSet -> String.format(
                                Locale.ROOT,
                                "%s (%,d)",
                                probeSet.name(),
                                probeSet.examples().size()))
                        .collect(Collectors.joining(", ")));
        facts.put("evaluations", Integer.toString(options.evaluations()));
        return facts;
    }
}
