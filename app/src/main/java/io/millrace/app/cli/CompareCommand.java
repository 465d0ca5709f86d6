package io.millrace.app.cli;

import io.millrace.app.demo.DemoFiles;
import io.millrace.compare.CompareOptions;
import io.millrace.compare.Comparison;
import io.millrace.compare.MethodChoice;
import io.millrace.compare.result.Results;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
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
            description = "Labelled examples as JSON lines, gzipped or not; each is trained on once, in order.")
    private Path stream;

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
            description =
                    "The methods, separated by commas; the others are compared with the first. Each is"
                            + " [LABEL=]NAME[:key=value...], for example smart:objective.smoothness.weight=3; keys are those of training.")
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

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML with the keys of training that all methods share; default the encoder and settings that"
                    + " ship with the demo.")
    private Path config;

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

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where the results go.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        require(limit == null || limit >= 1, "--limit must be above 0, got " + limit);
        require(evaluations >= 1, "--evaluations must be above 0, got " + evaluations);
        require(new HashSet<>(seeds).size() == seeds.size(), "--seeds must differ, got " + seeds);
        require(!regression || labels == null, "--labels must be left out with --regression, whose labels are numbers");
        Requirements.directory(spec, "--out", out);
        Comparison.run(
                new CompareOptions(
                        new CompareOptions.Data(
                                stream,
                                limit == null ? Long.MAX_VALUE : limit,
                                probesByName(),
                                labels == null ? List.of() : labels,
                                regression),
                        MethodChoice.parseAll(methods),
                        seeds,
                        Optional.ofNullable(config),
                        DemoFiles::unpackEncoder,
                        evaluations,
                        new CompareOptions.Destination(out, saveModel, command())),
                spec.commandLine().getOut());
        return 0;
    }

    private Map<String, Path> probesByName() {
        Map<String, Path> byName = new LinkedHashMap<>();
        for (String probe : probes) {
            int equals = probe.indexOf('=');
            require(equals > 0 && equals < probe.length() - 1, "--probe must be NAME=FILE, got \"" + probe + "\"");
            String name = probe.substring(0, equals);
            require(
                    !name.equals(Results.TEST_THEN_TRAIN),
                    "--probe must have another name than " + name
                            + ", which the accuracy before training on each example has");
            require(
                    byName.put(name, Path.of(probe.substring(equals + 1))) == null,
                    "--probe must give each name once, got " + name + " again");
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
