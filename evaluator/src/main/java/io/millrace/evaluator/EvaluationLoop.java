package io.millrace.evaluator;

import io.millrace.evaluator.models.ModelStore;
import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The evaluator's only control flow, on the polling thread. It judges every announced checkpoint in order, and writes the
 * results in one transaction with the checkpoint's offset. A worker thread does the judging, however long it takes, while
 * this thread keeps up the group membership. If the partition moves to another evaluator meanwhile, the judgement is
 * cancelled and nothing is written.
 */
final class EvaluationLoop {

    /** Pause between two polls while a checkpoint is judged. */
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
     * Runs until an exception ends it: a {@link org.apache.kafka.common.errors.WakeupException} if it was asked to stop,
     * an {@link UnsettledTransactionException} if it needs new clients.
     */
    void run() {
        checkpoints.subscribe();
        while (true) {
            for (ConsumerRecord<String, byte[]> record : checkpoints.poll()) {
                metrics.received(record);
                Optional<Outcome> outcome = outcome(record);
                if (outcome.isPresent() && commit(record, outcome.get())) {
                    settle(outcome.get());
                } else {
                    metrics.retried();
                }
            }
            metrics.assigned(checkpoints.lags());
        }
    }

    /** The outcome of a record; empty if its partition has moved to another evaluator. */
    private Optional<Outcome> outcome(ConsumerRecord<String, byte[]> record) {
        try (Worker.Work<Outcome> work = worker.start(() -> judge.judge(record))) {
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
        List<ProducerRecord<String, byte[]>> results = outcome.judgement()
                .map(judgement -> ResultRecords.of(kafka, judgement, Instant.now()))
                .orElse(List.of());
        try {
            return checkpoints.commit(record, results);
        } catch (UnsettledTransactionException e) {
            metrics.retried();
            throw e;
        }
    }

    /** The work after the commit: count, and delete models that are no longer kept. */
    private void settle(Outcome outcome) {
        outcome.skipReason().ifPresent(metrics::skipped);
        outcome.judgement().ifPresent(judgement -> {
            metrics.judged(judgement);
            models.delete(judgement.update().model().checkpoint().task(), judgement.outdated());
        });
    }
}
