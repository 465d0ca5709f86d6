package io.millrace.trainer;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.PolicyState;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.checkpoint.AnnouncementSink;
import io.millrace.trainer.checkpoint.CheckpointAnnouncer;
import io.millrace.trainer.checkpoint.CheckpointHistory;
import io.millrace.trainer.checkpoint.CheckpointRetention;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.checkpoint.CoveredOffset;
import io.millrace.trainer.checkpoint.EvaluatorProgress;
import io.millrace.trainer.checkpoint.LocatedAnnouncement;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.lineage.ResumePoint;
import io.millrace.trainer.lineage.Rollback;
import io.millrace.trainer.lineage.TaskTopics;
import io.millrace.trainer.lineage.TaskTopics.Bounds;
import io.millrace.trainer.lineage.TopicRange;
import io.millrace.trainer.lineage.UncheckpointedTraining;
import io.millrace.trainer.policy.TrainingPolicy;
import io.millrace.trainer.policy.VerdictFeed;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/** Opens tasks, each at its newest checkpoint. */
final class TaskOpener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TaskOpener.class);

    /**
     * Most tasks that one trainer holds. Each keeps its weights, two moments, a reference and a decoder in memory, and all of them must
     * be open before Kafka takes the partitions away again: docs/design.md has the figures.
     */
    static final int MAX_TASKS = 100;

    private final TrainerContext context;
    private final KafkaConnection kafka;
    private final Path store;
    private final MeterRegistry registry;
    private final ExampleSource source;
    private final int maxRejectedBytes;
    private final FailedTasks failed;
    private final EvaluatorProgress evaluator;
    private final CheckpointThread checkpointThread = new CheckpointThread();

    /**
     * Opens tasks of partitions that {@code source} holds.
     *
     * @param watchers receive the figures of the tasks
     * @param maxRejectedBytes largest batch that {@code rejected-examples} takes
     * @param failed receives those that cannot be opened
     */
    TaskOpener(TrainerContext context, ExampleSource source, int maxRejectedBytes, FailedTasks failed) {
        this.context = context;
        kafka = context.kafka();
        store = context.store();
        registry = context.metrics();
        this.source = source;
        this.maxRejectedBytes = maxRejectedBytes;
        this.failed = failed;
        evaluator = new EvaluatorProgress(kafka);
    }

    /**
     * Opens tasks. One that cannot be opened fails alone, and so does one beyond {@link #MAX_TASKS}.
     *
     * @param already number of tasks that are open
     * @throws KafkaException if the broker does not answer, which is not the fault of a task
     */
    List<OpenTask> open(List<TrainedTask> tasks, int already) {
        int room = Math.max(0, Math.min(tasks.size(), MAX_TASKS - already));
        tasks.subList(room, tasks.size()).forEach(this::refuse);
        return open(tasks.subList(0, room));
    }

    private void refuse(TrainedTask surplus) {
        TopicPartition partition = source.partitionOf(surplus.task().name());
        failed.add(
                surplus.task().name(),
                partition,
                source.boundsOf(partition).beginning(),
                new IllegalStateException("a trainer holds at most " + MAX_TASKS + " tasks, and this one has them."
                        + " Start another trainer: Kafka shares the partitions of accepted-examples out among them."));
    }

    private List<OpenTask> open(List<TrainedTask> tasks) {
        Map<String, CheckpointAnnouncer> announcers = new LinkedHashMap<>();
        List<OpenTask> opened = new ArrayList<>();
        try {
            for (TrainedTask task : tasks) {
                takeOver(task.task().name(), announcers);
            }
            Map<String, FileTime> takenOver = new HashMap<>();
            announcers.keySet().forEach(name -> takenOver.put(name, new CheckpointStore(store, name).time()));
            // After every takeover: the last owners' open transactions are aborted now, and not read.
            Map<String, List<LocatedAnnouncement>> histories =
                    tasks.isEmpty() ? Map.of() : CheckpointHistory.read(kafka, announcers.keySet());
            for (TrainedTask task : tasks) {
                String name = task.task().name();
                CheckpointStore checkpoints = new CheckpointStore(store, name);
                List<LocatedAnnouncement> history = histories.getOrDefault(name, List.of());
                checkpoints.removeStale();
                checkpoints.removeUnannounced(
                        history.stream().map(LocatedAnnouncement::id).collect(Collectors.toSet()),
                        requireNonNull(takenOver.get(name)));
                open(task, checkpoints, requireNonNull(announcers.get(name)), history)
                        .ifPresent(open -> {
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
        CheckpointAnnouncer announcer = new CheckpointAnnouncer(kafka, name, registry, maxRejectedBytes);
        announcers.put(name, announcer);
        announcer.takeOver();
    }

    private Optional<OpenTask> open(
            TrainedTask task,
            CheckpointStore checkpoints,
            CheckpointAnnouncer announcer,
            List<LocatedAnnouncement> announced) {
        String name = task.task().name();
        TopicPartition partition = source.partitionOf(name);
        Bounds bounds = source.boundsOf(partition);
        List<CheckpointAnnouncement> history = announcements(announced);
        try {
            ResumePoint start = ResumePoint.of(task, checkpoints, topics(task, bounds, history));
            TrainerMetrics metrics = new TrainerMetrics(registry, context.listener(), name);
            TaskTrainer run = new TaskTrainer(
                    start,
                    new TaskTrainer.Dependencies(
                            kafka,
                            checkpoints,
                            announcing(task, announcer, announced, metrics::unjudged),
                            metrics,
                            new RejectedRecords(maxRejectedBytes),
                            ElapsedTime.ofSystem(),
                            checkpointThread,
                            verdicts(task, start)));
            run.reportLag(bounds.end() - run.nextOffset());
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

    private Optional<VerdictFeed> verdicts(TrainedTask task, ResumePoint start) {
        return task.training().policy().isActive()
                ? Optional.of(new VerdictSource(
                        kafka,
                        task.task().name(),
                        start.checkpoints().policy().state().map(PolicyState::verdicts)))
                : Optional.empty();
    }

    /** Announces, and deletes checkpoints that are no longer needed. */
    private AnnouncementSink announcing(
            TrainedTask task, CheckpointAnnouncer announcer, List<LocatedAnnouncement> history, IntConsumer unjudged) {
        CheckpointStore checkpoints = new CheckpointStore(store, task.task().name());
        CheckpointRetention retention =
                new CheckpointRetention(checkpoints, task.training().checkpoints(), history, evaluator);
        return new TaskAnnouncements(announcer, retention, context, unjudged);
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

    private static List<CheckpointAnnouncement> announcements(List<LocatedAnnouncement> history) {
        return history.stream().map(LocatedAnnouncement::announcement).toList();
    }

    private static long doneBefore(List<CheckpointAnnouncement> history, Bounds here) {
        if (history.isEmpty()) {
            return here.beginning();
        }
        OffsetRange last = history.get(history.size() - 1).offsets();
        return last.partition() == here.partition() ? last.next() : here.beginning();
    }

    /** Whether a task whose policy returns to the champion has one to return to, in the store with all checkpoints since. */
    boolean canReturn(OpenTask open) {
        String name = open.trained().task().name();
        boolean can = Rollback.reachesPromoted(
                new CheckpointStore(store, name),
                open.run().covered().checkpoint(),
                CheckpointHistory.promoted(kafka, name));
        if (!can) {
            LOG.warn(
                    "task {}: there is no promoted checkpoint in the store to return to, or one trained since is missing. Training"
                            + " continues. If checkpoints were deleted before they could be undone, raise"
                            + " tasks.{}.training.checkpoints.keep.",
                    name,
                    name);
        }
        return can;
    }

    /** Rolls back a task whose loss has exploded or whose policy returns, and reopens it; empty if it cannot be opened. */
    Optional<OpenTask> rollBack(OpenTask open) {
        TrainedTask task = open.trained();
        String name = task.task().name();
        UncheckpointedTraining latest = open.run().uncheckpointed();
        open.close();
        // A new announcer waits for the newest announcement to be readable.
        try (CheckpointAnnouncer announcer = new CheckpointAnnouncer(kafka, name, registry, maxRejectedBytes);
                TrainerMetrics metrics = new TrainerMetrics(registry, context.listener(), name)) {
            announcer.takeOver();
            List<LocatedAnnouncement> history =
                    CheckpointHistory.read(kafka, Set.of(name)).getOrDefault(name, List.of());
            Rollback rollback = new Rollback(
                    kafka,
                    task,
                    new CheckpointStore(store, name),
                    announcing(task, announcer, history, metrics::unjudged),
                    new RejectedRecords(maxRejectedBytes),
                    range -> TopicRange.read(kafka, Topics.ACCEPTED_EXAMPLES, range, name));
            metrics.undone(rollback.undo(latest, announcements(history), CheckpointHistory.promoted(kafka, name)));
            latest.reactions()
                    .forEach(reaction -> TrainingPolicy.report(
                            reaction, name, task.training().policy(), metrics));
        }
        return open(List.of(task)).stream().findFirst();
    }

    @Override
    public void close() {
        checkpointThread.close();
        evaluator.close();
    }
}
