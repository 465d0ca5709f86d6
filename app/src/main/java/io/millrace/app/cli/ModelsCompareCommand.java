package io.millrace.app.cli;

import io.millrace.app.between.SideBySide;
import io.millrace.app.between.StoredModel;
import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.state.PresentProbes;
import io.millrace.evaluator.state.ProbeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code millrace models compare}. */
@Command(
        name = "compare",
        description = {
            "Ask two models the probe sets of their task, and show what changed from the first to the second.",
            "p is of the exact McNemar test. Differences are the second less the first, with the interval of 95 %% of a"
                    + " paired bootstrap."
        })
public final class ModelsCompareCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HistoryOptions history;

    @Mixin
    private final JsonOption json = JsonOption.one(Answer.class);

    /**
     * The answer.
     *
     * @param task the task
     * @param first the first model, as it was named
     * @param second the second
     * @param probeSets what changed on each probe set
     * @param layers what changed in each layer; empty without {@code --layers}
     */
    record Answer(
            String task,
            String first,
            String second,
            List<SideBySide.Answers> probeSets,
            List<SideBySide.Layer> layers) {}

    @Parameters(
            index = "0",
            paramLabel = "FIRST",
            description =
                    "A checkpoint's id, as checkpoint-000120 (a published model, or else a checkpoint of the store),"
                            + " or the directory of a model.")
    private String first;

    @Parameters(index = "1", paramLabel = "SECOND", description = "Another one.")
    private String second;

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task.")
    private String task;

    @Option(
            names = "--layers",
            description =
                    "Compare the encoders layer by layer too: effective rank, and linear centred kernel alignment of"
                            + " the mean states of the probes' texts.")
    private boolean layers;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "2000",
            description = "How many of the texts --layers takes; default 2000.")
    private int limit;

    @Override
    public Integer call() throws Exception {
        if (limit < 2) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 2, got " + limit);
        }
        PrintWriter out = spec.commandLine().getOut();
        EvaluatedTask evaluated = evaluatedTask();
        try (HistoryOptions.Opened opened = history.open()) {
            SideBySide models = new SideBySide(
                    StoredModel.find(opened.store(), task, first), StoredModel.find(opened.store(), task, second));
            List<ProbeSet> probeSets = PresentProbes.of(opened.kafka(), evaluated.task());
            if (probeSets.isEmpty()) {
                json.print(
                        new Answer(task, first, second, List.of(), List.of()),
                        List.of("task " + task + " has no probe sets: load some with probes load"));
                return 0;
            }
            List<SideBySide.Answers> answers = models.answers(evaluated, probeSets);
            List<SideBySide.Layer> byLayer = layers ? layers(models, evaluated, probeSets) : List.of();
            if (json.wanted()) {
                json.print(new Answer(task, first, second, answers, byLayer));
                return 0;
            }
            SideBySide.table(answers, evaluated.task().kind().isRegression())
                    .lines()
                    .forEach(out::println);
            if (layers) {
                out.println();
                SideBySide.tableOfLayers(byLayer).lines().forEach(out::println);
            }
        }
        return 0;
    }

    private List<SideBySide.Layer> layers(SideBySide models, EvaluatedTask evaluated, List<ProbeSet> probeSets) {
        Compute compute = new Compute(evaluated.evaluation().compute().device(), Precision.F32);
        return models.layers(compute, texts(probeSets));
    }

    private List<TextInput> texts(List<ProbeSet> probeSets) {
        return probeSets.stream()
                .flatMap(probeSet -> probeSet.examples().stream())
                .limit(limit)
                .map(example -> new TextInput(example.text(), example.textPair()))
                .toList();
    }

    private EvaluatedTask evaluatedTask() {
        return history.configuration().evaluatedTasks().stream()
                .filter(known -> known.task().name().equals(task))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--task must be one of the configuration, got " + task + ". It has "
                                + String.join(
                                        ", ", history.configuration().tasks().keySet()) + "."));
    }
}
