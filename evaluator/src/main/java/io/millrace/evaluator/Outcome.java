package io.millrace.evaluator;

import io.millrace.evaluator.models.ModelStore;
import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.time.Instant;
import java.util.List;

/** What came of one record on {@code checkpoints}. */
sealed interface Outcome permits Judgement, Skipped {

    /** What is written in the transaction that commits the record's offset. */
    List<ProducerRecord<String, byte[]>> records(KafkaConnection kafka, Instant now);

    /** What is left to do once that transaction is committed: count, and delete models that have had their day. */
    void settle(EvaluatorMetrics metrics, ModelStore models);
}
