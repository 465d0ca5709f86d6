package io.millrace.app.config;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.source.SourceConfig;
import io.millrace.schemas.Task;
import io.millrace.schemas.config.ConfigFile;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.trainer.config.TrainedTask;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration file. One file serves all services; each takes from it what it needs.
 *
 * @param kafka how to reach the broker; default {@code localhost:9092}
 * @param store directory of the checkpoints and the published models; default {@code millrace-data/store}
 * @param metrics where each process offers its metrics
 * @param ingest how the {@code examples} topic is treated
 * @param sources existing topics that examples also come from, by any name; default none
 * @param tasks the tasks by name; at least one
 */
public record MillraceConfig(
        KafkaConnection kafka,
        Path store,
        MetricsConfig metrics,
        IngestConfig ingest,
        Map<String, SourceConfig> sources,
        Map<String, TaskConfig> tasks) {

    /** Without sources. */
    public MillraceConfig(
            KafkaConnection kafka,
            Path store,
            MetricsConfig metrics,
            IngestConfig ingest,
            Map<String, TaskConfig> tasks) {
        this(kafka, store, metrics, ingest, Map.of(), tasks);
    }

    public MillraceConfig {
        kafka = kafka == null ? new KafkaConnection("localhost:9092", Map.of()) : kafka;
        store = store == null ? Path.of("millrace-data", "store") : store;
        metrics = metrics == null ? MetricsConfig.defaults() : metrics;
        ingest = ingest == null ? IngestConfig.defaults() : ingest;
        if (tasks == null || tasks.isEmpty()) {
            throw new IllegalArgumentException("tasks must name at least one task, got none");
        }
        tasks = Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
        tasks.forEach((name, task) -> {
            if (task == null) {
                throw new IllegalArgumentException("tasks." + name + " must be a mapping of keys, got nothing");
            }
            trained(name, task);
        });
        sources = sources == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(sources));
        SourceChecks.check(kafka, ingest, sources, tasks.keySet());
    }

    /** Reads {@code file}; its relative paths become absolute, taken from {@link ConfigFile#folderOf}. */
    public static MillraceConfig read(Path file) {
        Path folder = ConfigFile.folderOf(file);
        return ConfigFile.bind(ConfigFile.tree(file), MillraceConfig.class, folder, file.toString())
                .resolvedAgainst(folder);
    }

    /** The tasks as ingest wants them. */
    public List<Task> ingestedTasks() {
        return tasks.entrySet().stream()
                .map(entry -> entry.getValue().named(entry.getKey()))
                .toList();
    }

    /** The tasks as the trainer wants them. */
    public List<TrainedTask> trainedTasks() {
        return tasks.entrySet().stream()
                .map(entry -> trained(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static TrainedTask trained(String name, TaskConfig task) {
        return new TrainedTask(task.named(name), task.training());
    }

    /** The tasks as the evaluator wants them. */
    public List<EvaluatedTask> evaluatedTasks() {
        return tasks.entrySet().stream()
                .map(entry -> new EvaluatedTask(
                        entry.getValue().named(entry.getKey()), entry.getValue().evaluation()))
                .toList();
    }

    /** The same with another broker. */
    public MillraceConfig withKafka(KafkaConnection other) {
        return new MillraceConfig(other, store, metrics, ingest, sources, tasks);
    }

    /** The same with its metrics on another port. */
    public MillraceConfig withMetricsPort(int port) {
        return new MillraceConfig(kafka, store, metrics.withPort(port), ingest, sources, tasks);
    }

    /** The same with the store and the state of the streams in a data directory. */
    public MillraceConfig withDirectories(DataDirectory data) {
        return new MillraceConfig(kafka, data.store(), metrics, ingest.in(data.streams()), sources, tasks);
    }

    /** The same with the directories that it gives by default taken from {@code folder}. */
    MillraceConfig resolvedAgainst(Path folder) {
        Path stateDir = folder.resolve(ingest.stateDir()).normalize();
        return new MillraceConfig(
                kafka, folder.resolve(store).normalize(), metrics, ingest.in(stateDir), sources, tasks);
    }
}
