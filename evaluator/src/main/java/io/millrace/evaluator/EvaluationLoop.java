package io.millrace.evaluator;

import io.millrace.evaluator.models.ModelStore;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.time.Instant;

/**
 * The evaluator's only control flow. Every announced checkpoint, one after the other and none left out, is judged and
 * told of in one transaction with its offset. Nothing is kept from one to the next: before each verdict the state is
 * folded on to the end of its topics, so that it does not matter which evaluator judged the checkpoint before.
 */
final class EvaluationLoop {

    private final TransactionalCheckpoints checkpoints;
    private final AnnouncementReader announcements;
    private final TopicReplay<EvaluatorState> topics;
    private final CheckpointJudge judge;
    private final ModelStore models;
    private final EvaluatorMetrics metrics;

    EvaluationLoop(
            TransactionalCheckpoints checkpoints,
            AnnouncementReader announcements,
            TopicReplay<EvaluatorState> topics,
            CheckpointJudge judge,
            ModelStore models,
            EvaluatorMetrics metrics) {
        this.checkpoints = checkpoints;
        this.announcements = announcements;
        this.topics = topics;
        this.judge = judge;
        this.models = models;
        this.metrics = metrics;
    }

    /**
     * Runs until an exception ends it: a {@link org.apache.kafka.common.errors.WakeupException} because it shall, an
     * {@link UnsettledTransactionException} because it needs new clients.
     */
    void run() {
        checkpoints.subscribe();
        while (true) {
            for (ConsumerRecord<String, byte[]> record : checkpoints.poll()) {
                metrics.received();
                Outcome outcome = announcements.read(record).outcome(this::judge);
                if (commit(record, outcome)) {
                    outcome.settle(metrics, models);
                } else {
                    metrics.retried();
                }
            }
        }
    }

    private boolean commit(ConsumerRecord<String, byte[]> record, Outcome outcome) {
        try {
            return checkpoints.commit(record, outcome.records(Instant.now()));
        } catch (UnsettledTransactionException e) {
            metrics.retried();
            throw e;
        }
    }

    private Outcome judge(Announced announced) {
        EvaluatorState state = topics.caughtUp();
        EvaluatedTask task = announced.task();
        return metrics.timed(task, () -> judge.judge(announced, state.history(task), state.probeSets(task)));
    }
}
