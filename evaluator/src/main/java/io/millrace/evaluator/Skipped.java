package io.millrace.evaluator;

import io.millrace.evaluator.models.ModelStore;
import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * A record that is passed over.
 *
 * @param reason why
 */
record Skipped(SkipReason reason) implements Reading, Outcome {

    @Override
    public Outcome outcome(Function<Announced, Outcome> judge) {
        return this;
    }

    @Override
    public List<ProducerRecord<String, byte[]>> records(KafkaConnection kafka, Instant now) {
        return List.of();
    }

    @Override
    public void settle(EvaluatorMetrics metrics, ModelStore models) {
        metrics.skipped(reason);
    }
}
