package io.millrace.app.cli;

import io.millrace.app.bench.LatencyBench;
import io.millrace.app.bench.LatencyFigures;
import io.millrace.app.bench.LatencyPlan;
import io.millrace.app.bench.LatencySetup;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.console.ProgressPrinter;
import io.millrace.app.demo.DemoFiles;
import io.millrace.app.log.LogSettings;
import io.millrace.schemas.store.DirectoryTree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code millrace bench latency}. */
@Command(
        name = "latency",
        description = {
            "Measure the time from producing an example to a promoted model that was trained on it.",
            "Broker, services and producer run in this process, with the examples, the probe sets and the configuration of the demo;"
                    + " the examples come in random order. docs/performance.md explains the figures."
        })
public final class BenchLatencyCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "A configuration with the demo's task, intent, in place of the demo's; kafka and the directories are replaced.")
    private Path config;

    @Option(
            names = "--every",
            paramLabel = "DURATION",
            description = "Time between two checkpoints, as PT2S, in place of the demo's 47 steps (checkpoints.every).")
    private Duration every;

    @Option(
            names = "--max-examples",
            paramLabel = "N",
            description =
                    "Examples after which a champion is replaced by a checkpoint that is no worse; default 2500, as"
                            + " in the demo (evidence.maxExamples).")
    private Long maxExamples;

    @Option(
            names = "--probes",
            paramLabel = "N",
            defaultValue = "2250",
            description = "Examples of each of the three probe sets, evenly spaced; default 2250, all of them.")
    private int probes;

    @Option(
            names = "--load",
            paramLabel = "SHARE",
            defaultValue = "0.8",
            description = "Share of the capacity at which examples are sent; default 0.8.")
    private double load;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Examples to send per second; default --load of the capacity, which is measured first.")
    private Double rate;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "How long examples are sent at that rate; default 60. The capacity takes half as long.")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "20",
            description = "Seconds of training before anything is measured; default 20.")
    private int warmUp;

    @Mixin
    private final JsonOption json = JsonOption.one(LatencyFigures.class);

    @Override
    public Integer call() throws Exception {
        require(probes >= 1, "--probes must be above 0, got " + probes);
        require(load > 0 && load < 1, "--load must be above 0 and below 1, got " + load);
        require(
                rate == null || (rate > 0 && Double.isFinite(rate)),
                "--rate must be a finite number above 0, got " + rate);
        require(seconds >= 1, "--seconds must be above 0, got " + seconds);
        require(warmUp >= 0, "--warm-up must be at least 0, got " + warmUp);
        require(every == null || every.toMillis() >= 1, "--every must be a positive duration, got " + every);
        require(maxExamples == null || maxExamples >= 0, "--max-examples must be at least 0, got " + maxExamples);
        require(
                config == null || (every == null && maxExamples == null),
                "--config already says what --every and --max-examples say: give it alone");
        ProgressPrinter printer =
                new ProgressPrinter(spec.commandLine().getErr(), Boolean.getBoolean("millrace.terminal"));
        Path scratch = Files.createTempDirectory("millrace-bench");
        try {
            LatencyPlan plan = new LatencyPlan(
                    configuration(scratch),
                    probes,
                    rate,
                    load,
                    Duration.ofSeconds(warmUp),
                    Duration.ofSeconds(seconds).dividedBy(2),
                    Duration.ofSeconds(seconds));
            LogSettings.file(scratch.resolve("millrace.log"));
            LatencyFigures figures = new LatencyBench(plan, scratch.resolve("data")).run(printer::progress);
            printer.endProgress();
            json.print(figures, figures.lines());
        } finally {
            DirectoryTree.delete(scratch);
        }
        return 0;
    }

    private MillraceConfig configuration(Path scratch) throws IOException {
        if (config == null) {
            return LatencySetup.write(scratch, every, maxExamples);
        }
        MillraceConfig read = MillraceConfig.read(config);
        if (!read.tasks().keySet().equals(Set.of(DemoFiles.TASK))) {
            throw new ParameterException(
                    spec.commandLine(),
                    config + " must have the demo's task, " + DemoFiles.TASK + ", and no other, got "
                            + read.tasks().keySet());
        }
        return read;
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
