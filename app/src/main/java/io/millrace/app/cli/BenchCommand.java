package io.millrace.app.cli;

import io.millrace.app.bench.Bench;
import io.millrace.app.bench.BenchRun;
import io.millrace.app.bench.BenchTable;
import io.millrace.app.console.ProgressPrinter;
import io.millrace.compare.MethodChoice;
import io.millrace.schemas.store.DirectoryTree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code millrace bench}. */
@Command(
        name = "bench",
        description = {
            "Measure the speed of training on this machine's CPU, beside another training loop.",
            "Both train on the same stream in turn, each run in its own process. docs/performance.md explains the columns."
        },
        subcommands = {BenchStreamCommand.class, BenchIngestCommand.class, BenchLatencyCommand.class})
public final class BenchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

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

    @Mixin
    private final BenchOptions options = new BenchOptions();

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
        Optional<Bench.Peer> other = peer();
        ProgressPrinter printer =
                new ProgressPrinter(spec.commandLine().getErr(), Boolean.getBoolean("millrace.terminal"));
        Path scratch = Files.createTempDirectory("millrace-bench");
        try {
            Bench.Plan plan = options.plan(scratch);
            requirePeerMethods(plan);
            List<Bench.Row> rows = new Bench(plan, other).run(printer::progress);
            printer.endProgress();
            json.print(new Answer(BenchOptions.cores(), plan.size(), plan.rounds(), rows), BenchTable.lines(rows));
        } finally {
            DirectoryTree.delete(scratch);
        }
        return 0;
    }

    /** A peer may know a method of ours by its label. */
    private void requirePeerMethods(Bench.Plan plan) {
        List<String> labels = plan.methods().stream().map(MethodChoice::label).toList();
        options.requireKnown(
                "--peer-methods",
                plan,
                options.choices(
                        "--peer-methods",
                        peerMethods.stream()
                                .filter(name -> !labels.contains(name))
                                .toList()));
    }

    private Optional<Bench.Peer> peer() {
        if (peer == null) {
            return Optional.empty();
        }
        options.require(!peer.isBlank(), "--peer must be a command, got nothing");
        return Optional.of(new Bench.Peer(List.of(peer.strip().split("\\s+")), Set.copyOf(peerMethods)));
    }
}
