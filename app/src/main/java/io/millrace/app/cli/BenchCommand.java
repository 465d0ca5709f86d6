package io.millrace.app.cli;

import io.millrace.app.bench.Bench;
import io.millrace.app.bench.BenchRun;
import io.millrace.app.bench.BenchTable;
import io.millrace.app.console.ProgressPrinter;
import io.millrace.app.demo.DemoFiles;
import io.millrace.encoder.Precision;
import io.millrace.schemas.store.DirectoryTree;
import io.millrace.trainer.config.Method;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code millrace bench}. */
@Command(
        name = "bench",
        description = {
            "Measure the speed of training on this machine's CPU, beside another training loop.",
            "Both train on the same stream in turn, each run in its own process. docs/performance.md explains the columns."
        },
        subcommands = BenchIngestCommand.class)
public final class BenchCommand implements Callable<Integer> {

    private static final int MIN_TOKENS = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--encoder", paramLabel = "DIR", description = "The encoder; default the one that Millrace ships.")
    private Path encoder;

    @Option(
            names = "--stream",
            paramLabel = "FILE",
            description = "Labelled examples: JSON lines, gzipped or not; default the stream of the demo.")
    private Path stream;

    @Option(
            names = "--peer",
            paramLabel = "COMMAND",
            description =
                    "Another training loop, for example \"python3 peer_trainer.py\"; words are separated by spaces."
                            + " It gets the options that docs/performance.md lists, and prints one line of JSON.")
    private String peer;

    @Option(
            names = "--peer-methods",
            paramLabel = "METHOD",
            split = ",",
            defaultValue = "plain,mask-tuning,smart",
            description = "The methods that the peer has; default plain,mask-tuning,smart.")
    private List<String> peerMethods;

    @Option(
            names = "--methods",
            paramLabel = "METHOD",
            split = ",",
            defaultValue = "plain,mask-tuning,smart",
            description = "The methods to measure; default plain,mask-tuning,smart.")
    private List<String> methods;

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            split = ",",
            defaultValue = "f32,bf16",
            description = "Number formats of the arithmetic; default f32,bf16.")
    private List<Precision> precisions;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "60", description = "Steps per run; default 60.")
    private int steps;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Runs of each loop; figures are medians over them. Default 3.")
    private int rounds;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "32", description = "Examples per step; default 32.")
    private int batch;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "64",
            description = "Longest example in tokens, longer ones are truncated; default 64.")
    private int maxTokens;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Compute threads of each loop; default one per core of this machine.")
    private Integer threads;

    @Mixin
    private final JsonOption json = JsonOption.one(Answer.class);

    /**
     * The answer.
     *
     * @param cores of this machine
     * @param size of each run
     * @param rounds runs of each loop
     * @param rows a row per method and number format
     */
    record Answer(int cores, BenchRun.Size size, int rounds, List<Bench.Row> rows) {}

    @Override
    public Integer call() throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        BenchRun.Size size = new BenchRun.Size(steps, batch, maxTokens, threads == null ? cores : threads);
        require(steps >= 1, "--steps must be above 0, got " + steps);
        require(rounds >= 1, "--rounds must be above 0, got " + rounds);
        require(batch >= 1, "--batch must be above 0, got " + batch);
        require(maxTokens >= MIN_TOKENS, "--max-tokens must be at least " + MIN_TOKENS + ", got " + maxTokens);
        require(size.threads() >= 1, "--threads must be above 0, got " + size.threads());
        require((long) steps * batch <= Integer.MAX_VALUE, "--steps times --batch must be below 2^31");
        List<Method> measured = methods(methods, "--methods");
        Optional<Bench.Peer> other = peer();
        ProgressPrinter printer =
                new ProgressPrinter(spec.commandLine().getErr(), Boolean.getBoolean("millrace.terminal"));
        Path scratch = Files.createTempDirectory("millrace-bench");
        try {
            Bench.Plan plan = new Bench.Plan(encoder(scratch), stream(scratch), measured, precisions, size, rounds);
            List<Bench.Row> rows = new Bench(plan, other).run(printer::progress);
            printer.endProgress();
            json.print(new Answer(cores, size, rounds, rows), BenchTable.lines(rows));
        } finally {
            DirectoryTree.delete(scratch);
        }
        return 0;
    }

    private Path encoder(Path scratch) throws Exception {
        if (encoder != null) {
            return encoder.toAbsolutePath();
        }
        DemoFiles.unpackEncoder(scratch);
        return scratch.resolve("encoder");
    }

    private Path stream(Path scratch) throws Exception {
        return stream == null ? DemoFiles.unpackStream(scratch) : stream.toAbsolutePath();
    }

    private Optional<Bench.Peer> peer() {
        Set<Method> known = methods(peerMethods, "--peer-methods").stream().collect(Collectors.toSet());
        if (peer == null) {
            return Optional.empty();
        }
        require(!peer.isBlank(), "--peer must be a command, got nothing");
        return Optional.of(new Bench.Peer(List.of(peer.strip().split("\\s+")), known));
    }

    private List<Method> methods(List<String> names, String option) {
        try {
            return names.stream().map(Method::of).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    String.valueOf(e.getMessage())
                            .replace("training.objective.method must be", option + " must each be"));
        }
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
