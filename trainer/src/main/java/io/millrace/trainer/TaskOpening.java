package io.millrace.trainer;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.KafkaConnection;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Topics;
import io.millrace.trainer.TaskTopics.Bounds;
import io.millrace.trainer.checkpoint.CheckpointAnnouncer;
import io.millrace.trainer.checkpoint.CheckpointHistory;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.checkpoint.CoveredOffset;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens tasks where their checkpoints left off. */
final class TaskOpening {

    private final KafkaConnection kafka;
    private final Path store;
    private final MeterRegistry registry;
    private final ExampleSource source;
    private final FailedTasks failed;

    /**
     * Opens tasks of partitions that {@code source} holds.
     *
     * @param failed takes those that cannot be opened
     */
    TaskOpening(KafkaConnection kafka, Path store, MeterRegistry registry, ExampleSource source, FailedTasks failed) {
        this.kafka = kafka;
        this.store = store;
        this.registry = registry;
        this.source = source;
        this.failed = failed;
    }

    /**
     * Opens tasks. One that cannot be opened fails alone.
     *
     * @throws KafkaException if the broker cannot be asked: that is no fault of a task
     */
    List<OpenTask> open(List<TrainedTask> tasks) {
        Map<String, CheckpointAnnouncer> announcers = new LinkedHashMap<>();
        List<OpenTask> opened = new ArrayList<>();
        try {
            for (TrainedTask task : tasks) {
                takeOver(task.task().name(), announcers);
            }
            // After all were taken over: what their last owners left open is aborted now, and read as such.
            Map<String, List<CheckpointAnnouncement>> histories =
                    tasks.isEmpty() ? Map.of() : CheckpointHistory.read(kafka, announcers.keySet());
            for (TrainedTask task : tasks) {
                String name = task.task().name();
                open(task, announcers.get(name), histories.get(name)).ifPresent(open -> {
                    opened.add(open);
                    announcers.remove(name);
                });
            }
        } catch (RuntimeException e) {
            opened.forEach(OpenTask::close);
            throw e;
        } finally {
            announcers.values().forEach(CheckpointAnnouncer::close);
        }
        return opened;
    }

    private void takeOver(String name, Map<String, CheckpointAnnouncer> announcers) {
        CheckpointAnnouncer announcer = new CheckpointAnnouncer(kafka, name, registry);
        announcers.put(name, announcer);
        announcer.takeOver();
    }

    private Optional<OpenTask> open(
            TrainedTask task, CheckpointAnnouncer announcer, List<CheckpointAnnouncement> history) {
        String name = task.task().name();
        TopicPartition partition = source.partitionOf(name);
        Bounds bounds = source.boundsOf(partition);
        try {
            CheckpointStore checkpoints = new CheckpointStore(store, name);
            checkpoints.removeStale();
            Restored restored = Restored.of(task, checkpoints, topics(task, bounds, history));
            TaskRun run = new TaskRun(
                    restored,
                    new TaskRun.Surroundings(
                            checkpoints,
                            announcer::announce,
                            new TrainerMetrics(registry, name),
                            ElapsedTime.ofSystem()));
            Optional<TextSource> texts =
                    run.texts().isReading() ? Optional.of(new TextSource(kafka, name, run)) : Optional.empty();
            return Optional.of(new OpenTask(task, partition, run, announcer, texts));
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            failed.add(name, partition, doneBefore(history, bounds), e);
            return Optional.empty();
        }
    }

    private TaskTopics topics(TrainedTask task, Bounds examples, List<CheckpointAnnouncement> history) {
        String name = task.task().name();
        boolean readsTexts = task.training().batching().unlabelledTexts() > 0;
        return new TaskTopics(
                history,
                examples,
                readsTexts ? Optional.of(TextSource.boundsOf(kafka, name)) : Optional.empty(),
                CoveredOffset.read(store, name),
                (partition, offset) -> TopicRange.leftBehind(kafka, Topics.ACCEPTED_EXAMPLES, partition, offset, name));
    }

    private static long doneBefore(List<CheckpointAnnouncement> history, Bounds here) {
        if (history.isEmpty()) {
            return here.beginning();
        }
        OffsetRange last = history.get(history.size() - 1).offsets();
        return last.partition() == here.partition() ? last.next() : here.beginning();
    }

    /** Undoes what a task whose loss has exploded trained since its last good checkpoint, and opens it anew. */
    Optional<OpenTask> goBack(OpenTask exploded) {
        TrainedTask task = exploded.trained();
        String name = task.task().name();
        Undone undone = exploded.run().sinceCheckpoint();
        exploded.close();
        // A new announcer waits for the newest announcement to be readable.
        try (CheckpointAnnouncer announcer = new CheckpointAnnouncer(kafka, name, registry)) {
            announcer.takeOver();
            Rollback rollback = new Rollback(
                    task, new CheckpointStore(store, name), new TopicPast(kafka, name), announcer::announce);
            new TrainerMetrics(registry, name).undone(rollback.undo(undone));
        }
        return open(List.of(task)).stream().findFirst();
    }
}
