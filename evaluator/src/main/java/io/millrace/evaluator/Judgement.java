package io.millrace.evaluator;

import io.millrace.evaluator.models.ModelStore;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelUpdate;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that is said of one checkpoint.
 *
 * @param evaluation its scores; empty if it could not be read
 * @param drift the drift events that the scores give rise to
 * @param update the verdict
 * @param history the task's history with this judgement in it
 */
record Judgement(
        Optional<CheckpointEvaluation> evaluation, List<DriftEvent> drift, ModelUpdate update, TaskHistory history)
        implements Outcome {

    Judgement {
        drift = List.copyOf(drift);
    }

    @Override
    public List<ProducerRecord<String, byte[]>> records(Instant now) {
        return ResultRecords.of(this, now);
    }

    @Override
    public void settle(EvaluatorMetrics metrics, ModelStore models) {
        metrics.judged(this);
        models.keepOnly(update.model().checkpoint().task(), history.kept());
    }
}
