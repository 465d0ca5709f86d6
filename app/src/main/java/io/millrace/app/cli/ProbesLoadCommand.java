package io.millrace.app.cli;

import io.millrace.app.produce.ProbeFile;
import io.millrace.app.produce.ProbeTopic;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.gate.ProbeMargin;
import io.millrace.ingest.file.DataFile;
import io.millrace.ingest.file.LineSource;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.Task;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code millrace probes load}. */
@Command(
        name = "load",
        description = {
            "Make a probe set contain exactly the examples of FILE.",
            "A line that could not be scored is refused: with --config the task's kind and sizes hold for probes too.",
            "Examples that are no longer in FILE are removed; loading the same FILE again changes nothing."
        })
public final class ProbesLoadCommand implements Callable<Integer>, BrokerCommand {

    private static final int MAX_SHOWN_CHARS = 500;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BrokerOptions broker;

    @Mixin
    private FormatOptions format;

    @Mixin
    private final JsonOption json = JsonOption.one(Answer.class);

    /**
     * The answer.
     *
     * @param task the task
     * @param probeSet name of the set
     * @param examples how many examples it has now
     * @param written how many of them are new or changed
     * @param removed how many were removed
     * @param unchanged how many were there already
     * @param shortfall a sentence if it is too small for its margin; absent if it is not
     * @param dryRun what would be refused; absent without {@code --dry-run}
     */
    record Answer(
            String task,
            String probeSet,
            int examples,
            int written,
            int removed,
            int unchanged,
            @Nullable String shortfall,
            DryRun.@Nullable Answer dryRun) {}

    @Parameters(
            paramLabel = "FILE",
            description = "Labelled examples: JSON lines, CSV or TSV, gzipped or not; - reads standard input.")
    private String file;

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task that the set probes.")
    private String task;

    @Option(names = "--set", paramLabel = "NAME", required = true, description = "Name of the probe set.")
    private String probeSet;

    @Option(
            names = "--distribution",
            paramLabel = "in|out",
            required = true,
            converter = WireNames.class,
            description = "Whether the set is in or out of the distribution of the training stream.")
    private Distribution distribution;

    @Option(
            names = "--dry-run",
            description =
                    "Send nothing: count the lines for which the file would be refused, by reason. Needs no broker.")
    private boolean dryRun;

    @Override
    public Optional<KafkaConnection> kafka() {
        return broker.kafka();
    }

    @Override
    public Integer call() throws Exception {
        format.check(List.of(dataFile()), FormatOptions.Content.EXAMPLES);
        Optional<EvaluatedTask> judged = broker.evaluatedTask(task);
        Optional<Task> known = judged.map(EvaluatedTask::task);
        ProbeFile reader = probeFile();
        if (dryRun) {
            return dryRun(reader, judged);
        }
        List<ProbeExample> examples = read(reader, known);
        known.ifPresent(found -> warn(found, examples));
        ProbeTopic.Replacement done = ProbeTopic.replace(broker.connect(), reader, examples);
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                "probe set %s of task %s has %,d examples: %,d written, %,d removed, %,d unchanged",
                probeSet, task, examples.size(), done.written(), done.removed(), done.unchanged()));
        Optional<String> shortfall =
                judged.filter(found -> !examples.isEmpty()).flatMap(found -> whatItCanHold(found, examples.size()));
        shortfall.ifPresent(lines::add);
        json.print(
                new Answer(
                        task,
                        probeSet,
                        examples.size(),
                        done.written(),
                        done.removed(),
                        done.unchanged(),
                        shortfall.orElse(null),
                        null),
                lines);
        return 0;
    }

    private int dryRun(ProbeFile reader, Optional<EvaluatedTask> judged) throws IOException {
        DryRun found = new DryRun();
        try (LineSource lines = dataFile().lines()) {
            found.read(lines, reader.check(judged.map(EvaluatedTask::task)), Long.MAX_VALUE);
        }
        int examples = Math.toIntExact(found.read() - found.rejected());
        Optional<String> shortfall = judged.filter(task -> examples > 0).flatMap(task -> whatItCanHold(task, examples));
        List<String> lines = new ArrayList<>(found.lines());
        lines.add(String.format(
                "probe set %s of task %s could have %,d of %,d lines; nothing was sent",
                probeSet, task, examples, found.read()));
        shortfall.ifPresent(lines::add);
        json.print(new Answer(task, probeSet, examples, 0, 0, 0, shortfall.orElse(null), found.answer()), lines);
        return found.rejected() == 0 ? 0 : 1;
    }

    /** Beside other probe sets it is less. */
    private Optional<String> whatItCanHold(EvaluatedTask found, int examples) {
        return ProbeMargin.shortfall(
                found.evaluation(), new ProbeSetReference(probeSet, "", distribution, examples), 1);
    }

    private List<ProbeExample> read(ProbeFile reader, Optional<Task> known) throws IOException {
        try (LineSource lines = dataFile().lines()) {
            return reader.read(lines, known);
        }
    }

    private DataFile dataFile() {
        return format.file(file, FormatOptions.Content.EXAMPLES);
    }

    /** A label that the task does not list is no error: the head may have grown to it, or the set joins classes as HANS does. */
    private void warn(Task found, List<ProbeExample> examples) {
        if (found.kind().isRegression()) {
            return;
        }
        if (examples.stream().map(probe -> probe.example().label()).distinct().count() == 1) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "warning: all %,d examples have the same label: a model that always gives it gets an accuracy of 1%n",
                            examples.size());
        }
        Map<String, Long> unlisted = examples.stream()
                .map(probe -> probe.example().label())
                .filter(label -> !found.labels().contains(label))
                .collect(Collectors.groupingBy(label -> label, TreeMap::new, Collectors.counting()));
        if (!unlisted.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "warning: task %s does not list these labels; unless its model knows them, their examples count as"
                                    + " wrong: %s%n",
                            task, LogSafe.line(unlisted.toString(), MAX_SHOWN_CHARS));
        }
    }

    private ProbeFile probeFile() {
        try {
            return new ProbeFile(task, probeSet, distribution);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** {@code in} and {@code out}, as on the wire. */
    static final class WireNames implements ITypeConverter<Distribution> {

        @Override
        public Distribution convert(String value) {
            try {
                return Json.mapper().convertValue(value, Distribution.class);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("must be in or out, got \"" + value + "\"");
            }
        }
    }
}
