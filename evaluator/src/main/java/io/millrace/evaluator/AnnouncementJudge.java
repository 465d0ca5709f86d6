package io.millrace.evaluator;

import io.millrace.evaluator.Outcome.SkipReason;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.models.GoneCheckpointException;
import io.millrace.evaluator.state.EvaluatorState;
import io.millrace.evaluator.state.TaskHistory;
import io.millrace.evaluator.state.TopicReplay;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.text.LogSafe;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Judges the records on {@code checkpoints}. It keeps nothing from one record to the next: before each verdict it reads
 * the state topics to their end, so it does not matter which evaluator judged the previous checkpoint.
 */
final class AnnouncementJudge {

    private static final Logger LOG = LoggerFactory.getLogger(AnnouncementJudge.class);

    private final Map<String, EvaluatedTask> tasks;
    private final LaterAnnouncements later;
    private final TopicReplay<EvaluatorState> topics;
    private final CheckpointJudge judge;
    private final EvaluatorMetrics metrics;

    AnnouncementJudge(
            List<EvaluatedTask> tasks,
            LaterAnnouncements later,
            TopicReplay<EvaluatorState> topics,
            CheckpointJudge judge,
            EvaluatorMetrics metrics) {
        this.tasks = tasks.stream().collect(Collectors.toMap(task -> task.task().name(), Function.identity()));
        this.later = later;
        this.topics = topics;
        this.judge = judge;
        this.metrics = metrics;
    }

    Outcome judge(ConsumerRecord<String, byte[]> record) {
        Optional<CheckpointAnnouncement> announcement = AnnouncementReader.read(record);
        if (announcement.isEmpty()) {
            return Outcome.skipped(SkipReason.MALFORMED);
        }
        CheckpointReference checkpoint = announcement.get().checkpoint();
        EvaluatedTask task = tasks.get(checkpoint.task());
        if (task == null) {
            LOG.warn(
                    "Skipping checkpoint {} at {}-{}@{}: task {} is not one of {}. No evaluator of this group will judge it.",
                    checkpoint.id(),
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    LogSafe.quoted(checkpoint.task()),
                    tasks.keySet());
            return Outcome.skipped(SkipReason.UNKNOWN_TASK);
        }
        return metrics.timed(task, () -> judge(record, task, announcement.get()));
    }

    private Outcome judge(
            ConsumerRecord<String, byte[]> record, EvaluatedTask task, CheckpointAnnouncement announcement) {
        EvaluatorState state = topics.caughtUp();
        if (!state.hasSnapshot(task)) {
            // Once, after an upgrade or for a new task; the verdict writes the snapshot.
            topics.alsoRead(state.past());
            state = topics.caughtUp();
        }
        TaskHistory history = state.history(task);
        try {
            Announced announced = new Announced(announcement, Instant.ofEpochMilli(record.timestamp()));
            return Outcome.judged(judge.judge(task, announced, history, state.probeSets(task)));
        } catch (GoneCheckpointException e) {
            if (later.hasSame(record, task)) {
                LOG.warn(
                        "Skipping {} of task {}: {}, and a newer checkpoint has been announced. The evaluator is behind"
                                + " the trainer: see millrace.evaluator.lag.",
                        announcement.checkpoint().id(),
                        task.task().name(),
                        e.getMessage());
                return Outcome.skipped(SkipReason.GONE);
            }
            return Outcome.judged(judge.unreadable(
                    announcement,
                    history,
                    e.getMessage() + ", and no newer checkpoint of the task has been announced."
                            + " Was it deleted, or do trainer and evaluator have different stores?"));
        }
    }
}
