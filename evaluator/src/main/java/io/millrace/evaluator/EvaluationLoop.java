package io.millrace.evaluator;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

import java.util.Optional;

/**
 * The evaluator's only control flow, on the polling thread. It executes the requests by hand that wait, judges every announced
 * checkpoint in order, and writes the results in one transaction with the checkpoint's offset. A worker thread does the judging,
 * however long it takes, while this thread keeps up the group membership. If the partition moves to another evaluator meanwhile,
 * the judgement is cancelled and nothing is written.
 */
final class EvaluationLoop {

    private final TransactionalCheckpoints checkpoints;
    private final AnnouncementJudge judge;
    private final RequestTurn requests;
    private final Worker worker;
    private final ResultWriter results;
    private final EvaluatorMetrics metrics;

    EvaluationLoop(
            TransactionalCheckpoints checkpoints,
            AnnouncementJudge judge,
            RequestTurn requests,
            Worker worker,
            ResultWriter results,
            EvaluatorMetrics metrics) {
        this.checkpoints = checkpoints;
        this.judge = judge;
        this.requests = requests;
        this.worker = worker;
        this.results = results;
        this.metrics = metrics;
    }

    /**
     * Runs until an exception ends it: a {@link org.apache.kafka.common.errors.WakeupException} if it was asked to stop,
     * an {@link UnsettledTransactionException} if it needs new clients.
     */
    void run() {
        checkpoints.subscribe();
        while (true) {
            ConsumerRecords<String, byte[]> polled = checkpoints.poll();
            requests.take();
            for (ConsumerRecord<String, byte[]> record : polled) {
                metrics.received(record);
                Optional<Outcome> outcome = outcome(record);
                if (outcome.isEmpty() || !results.write(record, outcome.get())) {
                    metrics.retried();
                }
            }
            metrics.assigned(checkpoints.lags());
        }
    }

    /** The outcome of a record; empty if its partition has moved to another evaluator. */
    private Optional<Outcome> outcome(ConsumerRecord<String, byte[]> record) {
        if (!checkpoints.has(record)) {
            // It moved while a request was executed.
            return Optional.empty();
        }
        return worker.doWhile(() -> judge.judge(record), () -> {
            boolean keeps = checkpoints.keeps(record);
            metrics.assigned(checkpoints.lags());
            return keeps;
        });
    }
}
