package io.millrace.app.cli;

import io.millrace.app.bench.Bench;
import io.millrace.app.bench.BenchRun;
import io.millrace.app.bench.StreamBench;
import io.millrace.app.bench.StreamTable;
import io.millrace.app.console.ProgressPrinter;
import io.millrace.encoder.Tuning;
import io.millrace.schemas.store.DirectoryTree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code millrace bench stream}. */
@Command(
        name = "stream",
        description = {
            "Measure what the streaming loop and its checkpoints add to bare updates of the model.",
            "A trainer on an embedded broker trains the stream after the learner alone has, in a process of its own."
                    + " docs/performance.md explains the columns."
        })
public final class BenchStreamCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            defaultValue = "20",
            description = "Steps between two checkpoints, at most half of --steps; default 20.")
    private int checkpointEvery;

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Mixin
    private final JsonOption json = JsonOption.one(Answer.class);

    /**
     * The answer.
     *
     * @param cores of this machine
     * @param size of each run
     * @param rounds runs of each
     * @param rows a row per method and number format
     */
    record Answer(int cores, BenchRun.Size size, int rounds, List<StreamBench.Row> rows) {}

    @Override
    public Integer call() throws Exception {
        ProgressPrinter printer =
                new ProgressPrinter(spec.commandLine().getErr(), Boolean.getBoolean("millrace.terminal"));
        Path scratch = Files.createTempDirectory("millrace-bench");
        try {
            Bench.Plan plan = options.plan(scratch);
            options.require(
                    plan.tunings().equals(List.of(Tuning.FULL)),
                    "bench stream trains all weights: give it no --tuning");
            options.require(
                    2 <= checkpointEvery && 2 * checkpointEvery <= plan.size().steps(),
                    "--checkpoint-every must be from 2 to half of --steps, got " + checkpointEvery);
            List<StreamBench.Row> rows = new StreamBench(plan, checkpointEvery).run(printer::progress);
            printer.endProgress();
            json.print(new Answer(BenchOptions.cores(), plan.size(), plan.rounds(), rows), StreamTable.lines(rows));
        } finally {
            DirectoryTree.delete(scratch);
        }
        return 0;
    }
}
