package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.models.GoneCheckpointException;
import io.millrace.evaluator.state.EvaluatorState;
import io.millrace.evaluator.state.TaskHistory;
import io.millrace.evaluator.state.TopicReplay;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes of a record on {@code checkpoints}. Nothing is kept from one to the next: before each verdict the state is
 * folded on to the end of its topics, so that it does not matter which evaluator judged the checkpoint before.
 */
final class AnnouncementJudge {

    private static final Logger LOG = LoggerFactory.getLogger(AnnouncementJudge.class);

    private final AnnouncementReader announcements;
    private final LaterAnnouncements later;
    private final TopicReplay<EvaluatorState> topics;
    private final CheckpointJudge judge;
    private final EvaluatorMetrics metrics;

    AnnouncementJudge(
            AnnouncementReader announcements,
            LaterAnnouncements later,
            TopicReplay<EvaluatorState> topics,
            CheckpointJudge judge,
            EvaluatorMetrics metrics) {
        this.announcements = announcements;
        this.later = later;
        this.topics = topics;
        this.judge = judge;
        this.metrics = metrics;
    }

    Outcome outcome(ConsumerRecord<String, byte[]> record) {
        return announcements
                .read(record)
                .outcome(announced -> metrics.timed(announced.task(), () -> judge(record, announced)));
    }

    private Outcome judge(ConsumerRecord<String, byte[]> record, Announced announced) {
        EvaluatedTask task = announced.task();
        EvaluatorState state = topics.caughtUp();
        if (!state.hasSnapshot(task)) {
            // Once, after an upgrade or for a new task; the verdict writes the snapshot.
            topics.alsoRead(state.past());
            state = topics.caughtUp();
        }
        TaskHistory history = state.history(task);
        try {
            return judge.judge(announced, history, state.probeSets(task));
        } catch (GoneCheckpointException e) {
            if (later.hasSame(record, task)) {
                LOG.warn(
                        "Skipping {} of task {}: {}, and a newer checkpoint has been announced. The evaluator is behind"
                                + " the trainer: see millrace.evaluator.lag.",
                        announced.announcement().checkpoint().id(),
                        task.task().name(),
                        e.getMessage());
                return new Skipped(SkipReason.GONE);
            }
            return judge.unreadable(
                    announced,
                    history,
                    e.getMessage() + ", and no newer checkpoint of the task has been announced."
                            + " Was it deleted, or do trainer and evaluator have different stores?");
        }
    }
}
