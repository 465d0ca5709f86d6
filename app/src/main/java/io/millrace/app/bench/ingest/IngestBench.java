package io.millrace.app.bench.ingest;

import io.millrace.app.bench.Spread;
import io.millrace.app.bench.ingest.StreamsProcess.Figures;
import io.millrace.app.bench.ingest.StreamsRun.Side;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.kafka.KafkaConnection;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Measures ingest beside an application that only passes records on: same broker, settings and records, in turns, with new topics for
 * every run.
 */
public final class IngestBench {

    /** Waiting records while a store is filled: enough that ingest never waits, little enough that they need no disk. */
    private static final int AHEAD = 100_000;

    private static final int CHUNK = 20_000;
    private static final int POLL_MS = 10;

    private final Plan plan;
    private final ExampleSupply supply;

    /**
     * What to measure.
     *
     * @param scratch a directory for the broker and the state
     * @param records that each run processes
     * @param rounds how often each run is repeated
     * @param rate records per second while the latency is measured
     * @param seconds how long it is measured
     * @param tasks over how many tasks the records are spread
     * @param ids distinct ids with which the memory of ingest is measured; 0 for not at all
     * @param properties further settings of all clients, as {@code num.stream.threads}
     * @param jvm further options of the processes that are measured
     */
    public record Plan(
            Path scratch,
            int records,
            int rounds,
            int rate,
            int seconds,
            int tasks,
            int ids,
            Map<String, String> properties,
            List<String> jvm) {}

    /**
     * What was measured.
     *
     * @param rows ingest, then the pass-through
     * @param ratio records per second of ingest divided by those of the pass-through, round by round
     * @param memory of ingest with many ids; absent if it was not measured
     */
    public record Result(List<Row> rows, Spread ratio, @Nullable Memory memory) {}

    /**
     * The figures of one application, over the rounds.
     *
     * @param application {@code ingest} or {@code pass-through}
     * @param recordsPerSecond while records wait
     * @param p50Ms median latency at the rate, in milliseconds
     * @param p99Ms 99th percentile of it
     * @param cpuMicros processor time of its process per record, in microseconds, its start included
     * @param residentMiB memory of its process at the end; absent where the system does not say
     * @param heapMiB objects in use at the end
     */
    public record Row(
            String application,
            Spread recordsPerSecond,
            Spread p50Ms,
            Spread p99Ms,
            Spread cpuMicros,
            @Nullable Double residentMiB,
            double heapMiB) {}

    /**
     * Memory of the process of ingest.
     *
     * @param ids that it remembers
     * @param recordsPerSecond while they came, with their producer on the same machine
     * @param residentMiBAtStart memory of the process before ingest started; absent where the system does not say
     * @param residentMiB with the ids
     * @param heapMiB objects in use with the ids
     * @param storeMiB files of the store
     * @param storeBytesPerId bytes of these files per id
     */
    public record Memory(
            int ids,
            double recordsPerSecond,
            @Nullable Long residentMiBAtStart,
            @Nullable Long residentMiB,
            double heapMiB,
            double storeMiB,
            double storeBytesPerId) {}

    private record Measured(Throughput throughput, Latency latency, double cpuMicros, Figures figures) {}

    /** A bench with records made of these examples. */
    public IngestBench(Plan plan, List<LabelledExample> stream) {
        this.plan = plan;
        this.supply = new ExampleSupply(stream, plan.tasks());
    }

    /**
     * Measures everything.
     *
     * @param progress is told what is measured next
     * @throws IllegalStateException if an application fails, or loses or repeats a record
     */
    public Result run(Consumer<String> progress) throws IOException, InterruptedException {
        Map<Side, List<Measured>> runs = new EnumMap<>(Side.class);
        try (EmbeddedBroker broker = EmbeddedBroker.start(plan.scratch().resolve("broker"), 0)) {
            KafkaConnection kafka = new KafkaConnection(broker.connection().bootstrapServers(), plan.properties());
            for (int round = 1; round <= plan.rounds(); round++) {
                for (Side side : Side.values()) {
                    progress.accept("round " + round + " of " + plan.rounds() + ": " + side.words());
                    runs.computeIfAbsent(side, none -> new ArrayList<>())
                            .add(measure(side, kafka.withPrefix("r" + round + "-" + side.words() + "-")));
                }
            }
            Memory memory = null;
            if (plan.ids() > 0) {
                progress.accept("memory with " + plan.ids() + " ids");
                memory = memory(kafka.withPrefix("memory-"));
            }
            return result(runs, memory);
        }
    }

    private Measured measure(Side side, KafkaConnection kafka) throws IOException, InterruptedException {
        try (RunTopics topics = RunTopics.create(kafka)) {
            topics.fill(supply, 0, plan.records());
            try (StreamsChild child = StreamsChild.start(run(side, kafka), plan.jvm())) {
                Throughput throughput = Throughput.watch(topics, child, plan.records());
                int paced = Math.multiplyExact(plan.rate(), plan.seconds());
                Latency latency = Latency.measure(topics, supply, plan.records(), paced, plan.rate());
                Figures figures = child.figures();
                double cpuMicros = 1e6 * figures.cpuSeconds() / (plan.records() + paced);
                return new Measured(throughput, latency, cpuMicros, figures);
            }
        }
    }

    private Memory memory(KafkaConnection kafka) throws IOException, InterruptedException {
        try (RunTopics topics = RunTopics.create(kafka);
                StreamsChild child = StreamsChild.start(run(Side.INGEST, kafka), plan.jvm())) {
            long start = System.nanoTime();
            int sent = 0;
            while (sent < plan.ids()) {
                child.check();
                if (sent - topics.committed() < AHEAD) {
                    int next = Math.min(plan.ids(), sent + CHUNK);
                    topics.fill(supply, sent, next);
                    sent = next;
                } else {
                    Thread.sleep(POLL_MS);
                }
            }
            Throughput unused = Throughput.watch(topics, child, plan.ids());
            double seconds = (System.nanoTime() - start) / 1e9;
            Figures figures = child.figures();
            return new Memory(
                    plan.ids(),
                    plan.ids() / seconds,
                    child.atStart().residentMiB(),
                    figures.residentMiB(),
                    figures.heapMiB(),
                    figures.stateMiB(),
                    figures.stateMiB() * (1 << 20) / plan.ids());
        }
    }

    private StreamsRun run(Side side, KafkaConnection kafka) {
        return new StreamsRun(side, kafka, plan.scratch().resolve(kafka.prefix() + "state"), supply.tasks());
    }

    private static Result result(Map<Side, List<Measured>> runs, @Nullable Memory memory) {
        List<Row> rows = new ArrayList<>();
        runs.forEach((side, measured) -> rows.add(row(side, measured)));
        List<Double> ours = each(runs.getOrDefault(Side.INGEST, List.of()), IngestBench::speed);
        List<Double> others = each(runs.getOrDefault(Side.PASS_THROUGH, List.of()), IngestBench::speed);
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ours.size(); round++) {
            ratios.add(ours.get(round) / others.get(round));
        }
        return new Result(rows, Spread.of(ratios), memory);
    }

    private static Row row(Side side, List<Measured> runs) {
        List<Double> resident = runs.stream()
                .filter(run -> run.figures().residentMiB() != null)
                .map(run -> (double) run.figures().residentMiB())
                .toList();
        return new Row(
                side.words(),
                Spread.of(each(runs, IngestBench::speed)),
                Spread.of(each(runs, run -> run.latency().p50())),
                Spread.of(each(runs, run -> run.latency().p99())),
                Spread.of(each(runs, Measured::cpuMicros)),
                resident.isEmpty() ? null : Spread.median(resident),
                Spread.median(each(runs, run -> run.figures().heapMiB())));
    }

    private static double speed(Measured run) {
        return run.throughput().recordsPerSecond();
    }

    private static List<Double> each(List<Measured> runs, ToDoubleFunction<Measured> figure) {
        return runs.stream().map(figure::applyAsDouble).toList();
    }
}
