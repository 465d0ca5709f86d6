package io.millrace.evaluator.state;

import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.TaskHistorySnapshot;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.common.errors.SerializationException;

import java.util.List;
import java.util.Optional;

/** Reads records of evaluators. Empty for a value that no evaluator writes: null, not JSON, or incomplete. */
final class HistoryRecords {

    private HistoryRecords() {}

    static Optional<CheckpointEvaluation> evaluation(byte[] value) {
        return read(Topics.EVALUATIONS, value)
                .filter(evaluation -> isWhole(evaluation.checkpoint()) && isWhole(evaluation.scores()));
    }

    static Optional<ModelUpdate> modelUpdate(byte[] value) {
        return read(Topics.MODEL_UPDATES, value)
                .filter(update -> update.verdict() != null
                        && isWhole(update.model())
                        && isWhole(update.scores())
                        && (update.current() == null
                                || (isWhole(update.current().model())
                                        && isWhole(update.current().scores()))));
    }

    static Optional<RequestOutcome> outcome(byte[] value) {
        return read(Topics.REQUEST_OUTCOMES, value);
    }

    static Optional<TaskHistorySnapshot> snapshot(String key, byte[] value) {
        return read(Topics.TASK_HISTORIES, value)
                .filter(snapshot -> snapshot.task().equals(key));
    }

    private static <V> Optional<V> read(Topic<V> topic, byte[] value) {
        try {
            return Optional.ofNullable(topic.valueSerde().deserializer().deserialize(topic.name(), value));
        } catch (SerializationException e) {
            return Optional.empty();
        }
    }

    private static boolean isWhole(PublishedModel model) {
        return model != null && isWhole(model.checkpoint());
    }

    private static boolean isWhole(CheckpointReference checkpoint) {
        return checkpoint != null && checkpoint.task() != null && checkpoint.id() != null;
    }

    private static boolean isWhole(List<ProbeScore> scores) {
        return scores.stream()
                .allMatch(score -> score.probeSet() != null
                        && score.probeSet().name() != null
                        && score.probeSet().version() != null);
    }
}
