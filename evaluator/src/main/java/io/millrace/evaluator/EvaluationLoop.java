package io.millrace.evaluator;

import io.millrace.evaluator.models.ModelStore;
import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The evaluator's only control flow, on the polling thread. Every announced checkpoint, one after the other and none
 * left out, is judged and told of in one transaction with its offset. It is judged on a thread of its own, however long
 * that takes, while this one keeps up the membership of the group; if the checkpoint's partition goes to another
 * evaluator meanwhile, the judgement is given up and nothing is written.
 */
final class EvaluationLoop {

    /** Between two polls while a checkpoint is judged. */
    private static final Duration POLL_PAUSE = Duration.ofMillis(500);

    private final KafkaConnection kafka;
    private final TransactionalCheckpoints checkpoints;
    private final AnnouncementJudge judge;
    private final Worker worker;
    private final ModelStore models;
    private final EvaluatorMetrics metrics;

    EvaluationLoop(
            KafkaConnection kafka,
            TransactionalCheckpoints checkpoints,
            AnnouncementJudge judge,
            Worker worker,
            ModelStore models,
            EvaluatorMetrics metrics) {
        this.kafka = kafka;
        this.checkpoints = checkpoints;
        this.judge = judge;
        this.worker = worker;
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
                metrics.received(record);
                Optional<Outcome> outcome = outcome(record);
                if (outcome.isPresent() && commit(record, outcome.get())) {
                    outcome.get().settle(metrics, models);
                } else {
                    metrics.retried();
                }
            }
            metrics.assigned(checkpoints.lags());
        }
    }

    /** What comes of a record; empty if its partition has gone to another evaluator. */
    private Optional<Outcome> outcome(ConsumerRecord<String, byte[]> record) {
        try (Worker.Work<Outcome> work = worker.start(() -> judge.outcome(record))) {
            while (!work.isDoneWithin(POLL_PAUSE)) {
                if (!checkpoints.keeps(record)) {
                    work.cancel();
                }
                metrics.assigned(checkpoints.lags());
            }
            return work.result();
        }
    }

    private boolean commit(ConsumerRecord<String, byte[]> record, Outcome outcome) {
        try {
            return checkpoints.commit(record, outcome.records(kafka, Instant.now()));
        } catch (UnsettledTransactionException e) {
            metrics.retried();
            throw e;
        }
    }
}
