package io.millrace.app.bench;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.app.config.DataDirectory;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.demo.DemoFiles;
import io.millrace.app.metrics.ProcessMetrics;
import io.millrace.app.narration.RunFigures;
import io.millrace.app.produce.ProbeFile;
import io.millrace.app.produce.ProbeTopic;
import io.millrace.app.service.LocalServices;
import io.millrace.app.service.LocalStack;
import io.millrace.ingest.file.ByteLines;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Measures the time from producing an example to a promoted model that was trained on it. Broker, services and producer run in this process,
 * as in {@code millrace local}. First examples are sent as fast as they are trained, which gives the capacity; then at a rate.
 */
public final class LatencyBench {

    /** Examples that wait while the capacity is measured: enough that the trainer never does. */
    private static final int BACKLOG = 1_500;

    private static final long TURN_MS = 5;

    /** How long the last examples may take to their model, beyond twice the time between two checkpoints. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LatencyPlan plan;
    private final Path directory;

    /**
     * A bench.
     *
     * @param directory an empty directory for broker, state and checkpoints
     */
    public LatencyBench(LatencyPlan plan, Path directory) {
        this.plan = plan;
        this.directory = directory;
    }

    /**
     * Measures.
     *
     * @param progress is told what is measured next
     * @throws ExecutionException if a service fails
     */
    public LatencyFigures run(Consumer<String> progress) throws IOException, InterruptedException, ExecutionException {
        DataDirectory data = new DataDirectory(directory);
        MillraceConfig config = plan.config().withDirectories(data);
        Followed followed = new Followed(config.store());
        progress.accept("starting broker and services");
        try (ProcessMetrics metrics = new ProcessMetrics("local");
                LocalStack stack = LocalStack.open(config, data.broker(), 0)) {
            KafkaConnection kafka = stack.config().kafka();
            loadProbeSets(kafka);
            try (LocalServices services = stack.startServices(metrics.registry(), followed);
                    EndlessStream stream = new EndlessStream(kafka)) {
                return new Measurement(metrics.registry(), kafka, services, stream, followed).take(progress);
            }
        }
    }

    private void loadProbeSets(KafkaConnection kafka) throws IOException {
        for (ProbeFile probeSet : DemoFiles.probeSets()) {
            try (ByteLines lines = DemoFiles.lines(probeSet.probeSet())) {
                List<ProbeExample> probes = probeSet.read(lines);
                ProbeTopic.replace(kafka, probeSet, spread(probes, plan.probes()));
            }
        }
    }

    /** At most {@code count} of them, evenly spaced: the files are sorted by label, so their first lines know only a few labels. */
    static <T> List<T> spread(List<T> all, int count) {
        int taken = Math.min(count, all.size());
        return IntStream.range(0, taken)
                .mapToObj(i -> all.get((int) ((long) i * all.size() / taken)))
                .toList();
    }

    /** One run over services that have started. */
    private final class Measurement {

        private final MeterRegistry metrics;
        private final KafkaConnection kafka;
        private final LocalServices services;
        private final EndlessStream stream;
        private final Followed followed;

        Measurement(
                MeterRegistry metrics,
                KafkaConnection kafka,
                LocalServices services,
                EndlessStream stream,
                Followed followed) {
            this.metrics = metrics;
            this.kafka = kafka;
            this.services = services;
            this.stream = stream;
            this.followed = followed;
        }

        LatencyFigures take(Consumer<String> progress) throws IOException, InterruptedException, ExecutionException {
            progress.accept("warm-up");
            flood(plan.warmUp());
            Double capacity = null;
            double rate;
            if (plan.rate() == null) {
                progress.accept("capacity");
                double most = flood(plan.capacity());
                capacity = most;
                rate = plan.load() * most;
            } else {
                rate = plan.rate();
            }
            settle();
            progress.accept(Math.round(rate) + " examples per second");
            long verdictsBefore = evaluations().count();
            double evaluatedBefore = evaluations().totalTime(TimeUnit.SECONDS);
            int checkpointsBefore = followed.inCheckpoint.size();
            int promotedBefore = followed.promoted.size();
            long startMs = System.currentTimeMillis();
            long endMs = startMs + plan.measured().toMillis();
            sendUntil(rate, () -> System.currentTimeMillis() >= endMs, plan.measured());
            sendUntil(rate, () -> followed.newestPromotedMillis() >= endMs, PATIENCE);
            double evaluated = evaluations().totalTime(TimeUnit.SECONDS) - evaluatedBefore;
            OptionalLong peak = RunFigures.peakMemoryMib();
            return new LatencyFigures(
                    capacity,
                    rate,
                    plan.measured().toMillis() / 1e3,
                    followed.inCheckpoint.size() - checkpointsBefore,
                    followed.promoted.size() - promotedBefore,
                    evaluated / Math.max(1, evaluations().count() - verdictsBefore),
                    peak.isPresent() ? peak.getAsLong() : null,
                    stages(startMs, endMs),
                    followed.verdictsSince(startMs));
        }

        /** Keeps the trainer busy for a time; examples trained per second. */
        private double flood(Duration time) throws IOException, InterruptedException, ExecutionException {
            long start = System.nanoTime();
            long before = trained();
            while (System.nanoTime() - start < time.toNanos()) {
                stream.send(Math.max(0, BACKLOG - backlog()));
                turn();
            }
            return (trained() - before) / ((System.nanoTime() - start) / 1e9);
        }

        /** Waits until nothing is left to train or to judge but a last, short mini-batch. */
        private void settle() throws InterruptedException, ExecutionException {
            int batch = plan.config()
                    .tasks()
                    .values()
                    .iterator()
                    .next()
                    .training()
                    .batching()
                    .batchSize();
            long end = System.nanoTime() + PATIENCE.toNanos();
            while ((backlog() >= 2L * batch || !followed.allJudged()) && System.nanoTime() < end) {
                turn();
            }
        }

        private void sendUntil(double rate, BooleanSupplier done, Duration longest)
                throws IOException, InterruptedException, ExecutionException {
            long start = System.nanoTime();
            long before = stream.sent();
            while (!done.getAsBoolean() && System.nanoTime() - start < longest.toNanos()) {
                double due = (System.nanoTime() - start) / 1e9 * rate;
                stream.send((long) due - (stream.sent() - before));
                turn();
            }
        }

        private void turn() throws InterruptedException, ExecutionException {
            if (services.terminated().isDone()) {
                services.terminated().get();
            }
            Thread.sleep(TURN_MS);
        }

        private long trained() {
            return RunFigures.trained(metrics);
        }

        private long backlog() {
            return stream.sent() - trained();
        }

        private Timer evaluations() {
            return metrics.timer("millrace.evaluator.evaluation", "task", DemoFiles.TASK);
        }

        private List<StageLatency> stages(long startMs, long endMs) {
            List<AcceptedAt> examples = new ArrayList<>();
            TopicReader.readAll(kafka, Topics.ACCEPTED_EXAMPLES, record -> {
                AcceptedExample accepted = kafka.topic(Topics.ACCEPTED_EXAMPLES)
                        .valueSerde()
                        .deserializer()
                        .deserialize(record.topic(), record.value());
                long producedMs = accepted.origin().timestampMs();
                if (producedMs >= startMs && producedMs < endMs) {
                    examples.add(new AcceptedAt(record.offset(), producedMs));
                }
            });
            return List.of(
                    stage("trained", followed.trained, examples),
                    stage("checkpoint", followed.inCheckpoint, examples),
                    stage("promoted", followed.promoted, examples));
        }
    }

    /** An accepted example: its offset, and when it was produced. */
    private record AcceptedAt(long offset, long producedMs) {}

    private static StageLatency stage(String name, Reached reached, List<AcceptedAt> examples) {
        return StageLatency.of(
                name,
                examples.stream()
                        .mapToLong(example -> {
                            long at = reached.at(example.offset());
                            return at == Reached.NEVER ? Reached.NEVER : Math.max(0, at - example.producedMs());
                        })
                        .toArray());
    }
}
