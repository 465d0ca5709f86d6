package io.millrace.evaluator;

import io.millrace.evaluator.models.ModelStore;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

import java.time.Instant;
import java.util.List;

/** Writes results, each in one transaction; after the commit it counts, deletes models that are no longer kept, and tells the listener. */
final class ResultWriter {

    private final KafkaConnection kafka;
    private final TransactionalCheckpoints checkpoints;
    private final ModelStore models;
    private final EvaluatorMetrics metrics;
    private final EvaluatorListener listener;

    ResultWriter(
            KafkaConnection kafka,
            TransactionalCheckpoints checkpoints,
            ModelStore models,
            EvaluatorMetrics metrics,
            EvaluatorListener listener) {
        this.listener = listener;
        this.kafka = kafka;
        this.checkpoints = checkpoints;
        this.models = models;
        this.metrics = metrics;
    }

    /** Writes the outcome of an announcement with its offset; false if nothing was written and it will come again. */
    boolean write(ConsumerRecord<String, byte[]> record, Outcome outcome) {
        List<ProducerRecord<String, byte[]>> records = outcome.judgement()
                .map(judgement -> ResultRecords.of(kafka, judgement, Instant.now()))
                .orElse(List.of());
        boolean written;
        try {
            written = checkpoints.commit(record, records);
        } catch (UnsettledTransactionException e) {
            metrics.retried();
            throw e;
        }
        if (written) {
            outcome.skipReason().ifPresent(metrics::skipped);
            outcome.judgement().ifPresent(judgement -> {
                metrics.judged(judgement);
                AnnouncementReader.read(record).ifPresent(announcement -> metrics.latency()
                        .judged(announcement, judgement.update().verdict()));
                models.delete(judgement.update().model().checkpoint().task(), judgement.outdated());
                judgement.evaluation().ifPresent(listener::evaluation);
                judgement.drift().forEach(listener::drift);
                listener.modelUpdate(judgement.update());
            });
        }
        return written;
    }

    /** Writes the result of a request, fenced by the partition of its task; false if nothing was written and it still waits. */
    boolean write(TopicPartition partition, RequestResult result) {
        boolean written = checkpoints.commitUnmoved(partition, ResultRecords.of(kafka, result, Instant.now()));
        if (written) {
            metrics.requested(result);
            result.update()
                    .filter(update -> update.verdict() == Verdict.PROMOTED)
                    .map(update -> update.model().checkpoint())
                    .ifPresent(promoted -> metrics.latency().promoted(promoted.task(), promoted.id()));
            models.delete(result.outcome().request().task(), result.outdated());
            result.update().ifPresent(listener::modelUpdate);
            listener.request(result.outcome());
        }
        return written;
    }
}
