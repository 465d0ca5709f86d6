package io.millrace.app.cli;

import io.millrace.app.bench.StreamStart;
import io.millrace.app.bench.ingest.IngestBench;
import io.millrace.app.bench.ingest.IngestTable;
import io.millrace.app.console.ProgressPrinter;
import io.millrace.app.demo.DemoFiles;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.store.DirectoryTree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code millrace bench ingest}. */
@Command(
        name = "ingest",
        description = {
            "Measure the speed of ingest on this machine, beside a Kafka Streams application that only passes records on.",
            "Both run exactly once on the same embedded broker with the same records, in turn, each run in its own process and on new"
                    + " topics. docs/performance.md explains the columns."
        })
public final class BenchIngestCommand implements Callable<Integer> {

    /** Records are numbered with nine digits. */
    private static final int MAX_RECORDS = 500_000_000;

    private static final int EXAMPLES = 10_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--stream",
            paramLabel = "FILE",
            description =
                    "Labelled examples that the records are made of: JSON lines, gzipped or not; default the stream of the demo.")
    private Path stream;

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "600000",
            description = "Records per run, of which the first third is not measured; default 600000.")
    private int records;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Runs of each application; figures are medians over them. Default 3.")
    private int rounds;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Records per second while the latency is measured; default 1000.")
    private int rate;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long the latency is measured per run; default 5.")
    private int seconds;

    @Option(
            names = "--tasks",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Tasks that the records are spread over; default 1. The records of a task are in one partition.")
    private int tasks;

    @Option(
            names = "--property",
            paramLabel = "KEY=VALUE",
            description = "A setting of Kafka Streams or its clients for both applications, as num.stream.threads=2 or"
                    + " producer.batch.size=262144; repeatable.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Option(
            names = "--ids",
            paramLabel = "N",
            defaultValue = "0",
            description = "Measure also the memory of ingest when it remembers N distinct ids; default 0, not at all."
                    + " 10000000 take about 20 GB of disk for the time of the run.")
    private int ids;

    @Mixin
    private final JsonOption json = JsonOption.one(Answer.class);

    /**
     * The answer.
     *
     * @param cores of this machine
     * @param records per run
     * @param rounds runs of each application
     * @param rate records per second of the latency
     * @param tasks of the records
     * @param result the figures
     */
    record Answer(int cores, int records, int rounds, int rate, int tasks, IngestBench.Result result) {}

    @Override
    public Integer call() throws Exception {
        requirePositive("--records", records);
        requirePositive("--rounds", rounds);
        requirePositive("--rate", rate);
        requirePositive("--seconds", seconds);
        requirePositive("--tasks", tasks);
        require(ids >= 0, "--ids must not be below 0, got " + ids);
        require(
                Math.max(ids, records + (long) rate * seconds) <= MAX_RECORDS,
                "--ids, and --records with --rate times --seconds, must be at most " + MAX_RECORDS);
        ProgressPrinter printer =
                new ProgressPrinter(spec.commandLine().getErr(), Boolean.getBoolean("millrace.terminal"));
        Path scratch = Files.createTempDirectory("millrace-bench");
        try {
            Path file = stream == null ? DemoFiles.unpackStream(scratch) : stream.toAbsolutePath();
            List<LabelledExample> examples = StreamStart.upTo(file, EXAMPLES);
            IngestBench.Plan plan =
                    new IngestBench.Plan(scratch, records, rounds, rate, seconds, tasks, ids, properties, List.of());
            IngestBench.Result result = new IngestBench(plan, examples).run(printer::progress);
            printer.endProgress();
            json.print(
                    new Answer(Runtime.getRuntime().availableProcessors(), records, rounds, rate, tasks, result),
                    IngestTable.lines(result));
        } finally {
            DirectoryTree.delete(scratch);
        }
        return 0;
    }

    private void requirePositive(String option, int value) {
        require(value >= 1, option + " must be above 0, got " + value);
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
