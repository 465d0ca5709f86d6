package io.millrace.app.cli;

import io.millrace.app.demo.DemoFiles;
import io.millrace.compare.CompareOptions;
import io.millrace.compare.Comparison;
import io.millrace.compare.MethodChoice;
import io.millrace.compare.result.Results;
import io.millrace.ingest.file.DataFile;
import io.millrace.ingest.file.LineCheck;
import io.millrace.ingest.file.LineSource;
import io.millrace.schemas.Task;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code millrace compare}. */
@Command(
        name = "compare",
        description = {
            "Train on one stream with several methods, and show which differences are more than chance.",
            "Writes table.md, runs.csv and curves.svg. Finished runs are kept: the same command resumes where it was interrupted."
        })
public final class CompareCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--stream",
            paramLabel = "FILE",
            required = true,
            description = "Labelled examples: JSON lines, CSV or TSV, gzipped or not; - reads standard input. Each is"
                    + " trained on once, in order.")
    private String stream;

    @Mixin
    private FormatOptions format;

    @Option(
            names = "--probe",
            paramLabel = "NAME=FILE",
            arity = "1..*",
            required = true,
            description =
                    "Probe sets, never trained on. One without labels is out of scope: how well it can be told from"
                            + " the first labelled one is measured.")
    private List<String> probes;

    @Option(
            names = "--methods",
            paramLabel = "METHOD",
            split = ",",
            required = true,
            description = "The methods, separated by commas; the others are compared with the first. Each is"
                    + " [LABEL=]NAME[:key=value...], for example smart:objective.smoothness.weight=3; keys are those of training."
                    + " configured is the method that the configuration names.")
    private List<String> methods;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,2,3",
            description = "The seeds, separated by commas; default 1,2,3.")
    private List<Long> seeds;

    @Option(names = "--limit", paramLabel = "N", description = "Take no more than the first N examples.")
    private Long limit;

    @Option(
            names = "--evaluations",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often the probe sets are scored along the stream; default 5.")
    private int evaluations;

    @Mixin
    private TrainingOptions training;

    @Option(
            names = "--labels",
            paramLabel = "LABEL",
            split = ",",
            description = "The task's labels; default those of the stream, sorted.")
    private List<String> labels;

    @Option(names = "--regression", description = "Labels are numbers.")
    private boolean regression;

    @Option(
            names = "--save-model",
            description = "Save the model of each run in DIR/models, as a Hugging Face directory.")
    private boolean saveModel;

    @Option(
            names = "--dry-run",
            description = "Train nothing: count the lines that would be refused, by reason. --out is not needed.")
    private boolean dryRun;

    @Option(names = "--out", paramLabel = "DIR", description = "Where the results go.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        require(limit == null || limit >= 1, "--limit must be above 0, got " + limit);
        require(evaluations >= 1, "--evaluations must be above 0, got " + evaluations);
        require(new HashSet<>(seeds).size() == seeds.size(), "--seeds must differ, got " + seeds);
        require(!regression || labels == null, "--labels must be left out with --regression, whose labels are numbers");
        require(dryRun || out != null, "Missing required option: '--out=DIR'");
        training.check();
        CompareOptions.Data data = data();
        List<DataFile> files = files(data);
        format.check(files, FormatOptions.Content.PROBES);
        require(
                files.stream().filter(DataFile::isStandardInput).count() <= 1,
                "only one of the files can be -, standard input");
        List<MethodChoice> choices = MethodChoice.parseAll(methods);
        if (dryRun) {
            return dryRun(data, choices);
        }
        Requirements.directory(spec, "--out", out);
        Comparison.run(
                new CompareOptions(
                        data,
                        choices,
                        seeds,
                        training.labelledTraining(),
                        DemoFiles::unpackEncoder,
                        evaluations,
                        new CompareOptions.Destination(out, saveModel, command())),
                spec.commandLine().getOut());
        return 0;
    }

    private CompareOptions.Data data() {
        Optional<Task> configured = training.task();
        require(
                configured.isEmpty() || (labels == null && !regression),
                "--labels and --regression must be left out with --task, which has them in its configuration");
        return new CompareOptions.Data(
                format.file(stream, FormatOptions.Content.EXAMPLES),
                limit == null ? Long.MAX_VALUE : limit,
                probesByName(),
                configured
                        .map(CompareOptions.ComparedTask::of)
                        .orElseGet(
                                () -> CompareOptions.ComparedTask.of(labels == null ? List.of() : labels, regression)));
    }

    private static List<DataFile> files(CompareOptions.Data data) {
        List<DataFile> files = new ArrayList<>(data.probes().values());
        files.add(0, data.stream());
        return files;
    }

    /** Lines first, all of them, then what only whole files show: standard input cannot be read a second time for that. */
    private int dryRun(CompareOptions.Data data, List<MethodChoice> choices) throws IOException {
        DryRun found = new DryRun();
        try (LineSource lines = data.stream().lines()) {
            found.read(
                    lines,
                    training.task()
                            .map(task -> LineCheck.examples(task, training.maxRecordBytes()))
                            .orElseGet(LineCheck::examples),
                    data.limit());
        }
        for (DataFile probe : data.probes().values()) {
            try (LineSource lines = probe.lines()) {
                found.read(lines, LineCheck.probes(data.task().regression()), Long.MAX_VALUE);
            }
        }
        PrintWriter print = spec.commandLine().getOut();
        found.lines().forEach(print::println);
        print.printf(
                "compare would refuse %,d of the %,d lines of the stream and the probe sets; nothing was trained%n",
                found.rejected(), found.read());
        if (found.rejected() == 0 && files(data).stream().allMatch(DataFile::canBeReadTwice)) {
            print.printf(
                    "each of %d runs (methods %s; seeds %s) would train on %,d examples%n",
                    choices.size() * seeds.size(),
                    String.join(", ", choices.stream().map(MethodChoice::label).toList()),
                    String.join(", ", seeds.stream().map(String::valueOf).toList()),
                    Comparison.check(data));
        }
        return found.rejected() == 0 ? 0 : 1;
    }

    private Map<String, DataFile> probesByName() {
        Map<String, DataFile> byName = new LinkedHashMap<>();
        for (String probe : probes) {
            int equals = probe.indexOf('=');
            require(equals > 0 && equals < probe.length() - 1, "--probe must be NAME=FILE, got \"" + probe + "\"");
            String name = probe.substring(0, equals);
            require(
                    !name.equals(Results.TEST_THEN_TRAIN),
                    "--probe must have another name than " + name
                            + ", which the accuracy before training on each example has");
            DataFile file = format.file(probe.substring(equals + 1), FormatOptions.Content.PROBES);
            require(byName.put(name, file) == null, "--probe must give each name once, got " + name + " again");
        }
        return byName;
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private String command() {
        return spec.commandLine().getParseResult().originalArgs().stream()
                .map(argument -> argument.matches("[\\w./:=,+@%-]+") ? argument : "'" + argument + "'")
                .collect(Collectors.joining(" ", "./millrace ", ""));
    }
}
