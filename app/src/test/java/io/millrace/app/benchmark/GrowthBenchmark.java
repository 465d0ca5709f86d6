package io.millrace.app.benchmark;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.evaluator.EvaluatorService;
import io.millrace.schemas.Task;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.TrainerService;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.learner.Learner;
import io.millrace.trainer.lineage.LineageCheck;
import io.millrace.trainer.lineage.LineageReport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/**
 * What a long history costs: opening tasks, the first verdict of an evaluator that starts, and {@code lineage check}, on topics that hold
 * the announcements and verdicts of years. {@code benchmarks/growth.sh} runs it. Prints one table, in seconds.
 */
public final class GrowthBenchmark {

    /** One more task, with checkpoints of a year, one every two hours. */
    private static final String LONG_TASK = "long";

    private static final int LONG_HISTORY = 5_000;

    private static final String FIRST_TASK = "task-0";

    /** What opening tasks took. */
    private record Opening(double seconds, double mebibytes) {}

    private final int tasks;
    private final int announcements;
    private final int opened;
    private final Path folder;

    private GrowthBenchmark(int tasks, int announcements, int opened, Path folder) {
        this.tasks = tasks;
        this.announcements = announcements;
        this.opened = opened;
        this.folder = folder;
    }

    /**
     * Runs it once.
     *
     * @param arguments tasks, announcements of all of them together, how many of them a trainer opens, an empty folder, a folder with a
     *     small encoder for them, and one with an encoder of real size, for the memory that a task takes
     */
    public static void main(String[] arguments) throws Exception {
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        GrowthBenchmark benchmark = new GrowthBenchmark(
                Integer.parseInt(arguments[0]),
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                Path.of(arguments[3]));
        benchmark.run(Path.of(arguments[4]), Path.of(arguments[5]));
        System.exit(0);
    }

    private void run(Path encoder, Path realEncoder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            KafkaConnection kafka = broker.connection();
            try (Admin admin = Admin.create(kafka.clientProperties())) {
                Topics.createMissing(kafka, admin);
                MillraceConfig all = config(encoder, kafka, "task", tasks);
                writeHistory(all);
                markJudged(admin);
                row("tasks", tasks);
                row("announcements", announcements);
                row("opening 1 task", opening(config(encoder, kafka, "task", 1)).seconds());
                row(
                        "opening " + opened + " tasks",
                        opening(config(encoder, kafka, "task", opened)).seconds());
                row(
                        "MiB per task of real size",
                        opening(config(realEncoder, kafka, "fresh", opened)).mebibytes() / opened);
                row("first verdict, first start", firstVerdict(admin, all, 1));
                row("first verdict, next start", firstVerdict(admin, all, 2));
                row("lineage check of " + announcements / tasks, lineageCheck(all, FIRST_TASK));
                row("lineage check of " + LONG_HISTORY, lineageCheck(all, LONG_TASK));
            }
        }
    }

    private MillraceConfig config(Path encoder, KafkaConnection kafka, String prefix, int count) throws IOException {
        StringBuilder yaml = new StringBuilder("store: store\nmetrics: {port: 0}\ntasks:\n");
        for (int i = 0; i < count; i++) {
            yaml.append("  ").append(prefix).append('-').append(i);
            yaml.append(": {labels: [negative, positive], training: {encoder: \"")
                    .append(encoder.toAbsolutePath());
            yaml.append("\", objective: {method: smart}, batching: {maxTokens: 16}}}\n");
        }
        Path file = Files.writeString(Files.createDirectories(folder).resolve("millrace.yaml"), yaml);
        return MillraceConfig.read(file).withKafka(kafka);
    }

    private void writeHistory(MillraceConfig config) {
        try (LongHistory history = new LongHistory(config.kafka())) {
            for (TrainedTask task : config.trainedTasks()) {
                String name = task.task().name();
                history.probes(name);
                try (Learner learner = Learner.start(task)) {
                    history.checkpoints(
                            task, LongHistory.partitionOf(name), announcements / tasks, config.store(), learner);
                }
            }
            TrainedTask any = config.trainedTasks().get(0);
            TrainedTask one = new TrainedTask(
                    new Task(LONG_TASK, any.task().kind(), any.task().labels(), 100), any.training());
            try (Learner learner = Learner.start(one)) {
                history.checkpoints(one, LongHistory.partitionOf(LONG_TASK), LONG_HISTORY, config.store(), learner);
            }
        }
    }

    /** Says that the evaluators have judged everything so far. */
    private static void markJudged(Admin admin) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
        ends(admin, Topics.CHECKPOINTS.name())
                .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end)));
        admin.alterConsumerGroupOffsets("millrace-evaluator", ends).all().get();
    }

    private static Map<TopicPartition, Long> ends(Admin admin, String topic)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        int partitions = admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .size();
        for (int partition = 0; partition < partitions; partition++) {
            asked.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(asked).all().get().forEach((partition, info) -> ends.put(partition, info.offset()));
        return ends;
    }

    /** From the start of a trainer until every task of the configuration is open. */
    private static Opening opening(MillraceConfig config) throws IOException, InterruptedException {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        double before = residentMebibytes();
        long start = System.nanoTime();
        try (TrainerService trainer =
                new TrainerService(config.kafka(), config.store(), config.trainedTasks(), meters)) {
            trainer.start();
            await(
                    trainer.terminated(),
                    () -> meters.find("millrace.trainer.accepted").counters().size()
                            == config.trainedTasks().size());
            return new Opening(seconds(start), residentMebibytes() - before);
        }
    }

    private static double residentMebibytes() throws IOException {
        System.gc();
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("/proc/self/status has no VmRSS");
    }

    /** From the start of an evaluator until it has judged the checkpoint that waits for it. */
    private double firstVerdict(Admin admin, MillraceConfig config, int more) throws Exception {
        long before = verdicts(admin);
        int step = announcements / tasks + more;
        try (LongHistory history = new LongHistory(config.kafka())) {
            history.announceWithoutFiles(FIRST_TASK, LongHistory.partitionOf(FIRST_TASK), step, null);
        }
        long start = System.nanoTime();
        try (EvaluatorService evaluator = new EvaluatorService(
                config.kafka(), config.store(), config.evaluatedTasks(), new SimpleMeterRegistry())) {
            evaluator.start();
            await(evaluator.terminated(), () -> verdicts(admin) > before);
            return seconds(start);
        }
    }

    private static long verdicts(Admin admin) {
        try {
            return ends(admin, Topics.MODEL_UPDATES.name()).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("cannot count the verdicts: " + e.getMessage(), e);
        }
    }

    private static double lineageCheck(MillraceConfig config, String task) throws IOException {
        long start = System.nanoTime();
        LineageReport report = LineageCheck.of(config.kafka(), config.store(), task);
        double seconds = seconds(start);
        if (report.lines().isEmpty()) {
            throw new IllegalStateException("there is no lineage of " + task + ": " + report.faults());
        }
        return seconds;
    }

    private static void await(CompletableFuture<Void> service, BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean()) {
            if (service.isDone()) {
                service.join();
                throw new IllegalStateException("the service has ended");
            }
            Thread.sleep(20);
        }
    }

    private static double seconds(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private static void row(String what, double value) {
        System.out.printf("%-32s %10.2f%n", what, value);
    }
}
