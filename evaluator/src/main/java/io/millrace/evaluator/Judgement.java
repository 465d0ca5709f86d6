package io.millrace.evaluator;

import io.millrace.evaluator.models.ModelStore;
import io.millrace.evaluator.state.TaskHistory;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that is said of one checkpoint.
 *
 * @param evaluation its scores; empty if it could not be read
 * @param drift the drift events that the scores give rise to
 * @param update the verdict
 * @param before the task's history without this judgement
 * @param history the task's history with this judgement in it
 */
record Judgement(
        Optional<CheckpointEvaluation> evaluation,
        List<DriftEvent> drift,
        ModelUpdate update,
        TaskHistory before,
        TaskHistory history)
        implements Outcome {

    Judgement {
        drift = List.copyOf(drift);
    }

    @Override
    public List<ProducerRecord<String, byte[]>> records(KafkaConnection kafka, Instant now) {
        return ResultRecords.of(kafka, this, now);
    }

    @Override
    public void settle(EvaluatorMetrics metrics, ModelStore models) {
        metrics.judged(this);
        models.delete(update.model().checkpoint().task(), outdated());
    }

    /**
     * The models that have had their day. Those of the promotion before are named again, in case that whoever committed
     * it died before it could delete them; and so is what an earlier, aborted judgement may have published of a checkpoint
     * that is now rejected.
     */
    Set<String> outdated() {
        CheckpointReference checkpoint = update.model().checkpoint();
        Set<String> outdated = new TreeSet<>(before.retired());
        outdated.addAll(before.kept());
        outdated.addAll(history.retired());
        if (update.verdict() == Verdict.REJECTED) {
            outdated.add(checkpoint.id());
        }
        history.kept().forEach(outdated::remove);
        return outdated;
    }
}
