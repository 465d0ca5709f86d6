package io.millrace.app.between;

import io.millrace.app.console.Table;
import io.millrace.evaluator.between.ProbeHistory;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ModelChange;
import io.millrace.schemas.ProbeDetails;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The scores of a task along its checkpoints, from {@code evaluations}. */
public final class HistoryTable {

    private HistoryTable() {}

    /** One row per probe set, by name; no rows if nothing was evaluated. Records that are no evaluations are passed over. */
    public static Table of(KafkaConnection kafka, String task) {
        List<CheckpointEvaluation> evaluations = new ArrayList<>();
        TopicReader.readAll(kafka, Topics.EVALUATIONS, record -> {
            if (task.equals(record.key()) && record.value() != null) {
                CheckpointEvaluation evaluation = read(record.value());
                if (evaluation != null && evaluation.checkpoint().task().equals(task)) {
                    evaluations.add(evaluation);
                }
            }
        });
        return of(evaluations);
    }

    private static @Nullable CheckpointEvaluation read(byte[] value) {
        try {
            return Topics.EVALUATIONS.valueSerde().deserializer().deserialize(Topics.EVALUATIONS.name(), value);
        } catch (SerializationException e) {
            return null;
        }
    }

    static Table of(List<CheckpointEvaluation> evaluations) {
        Map<String, ModelChange> changes = lastChanges(evaluations);
        List<List<String>> rows = new ArrayList<>();
        for (ProbeHistory history : ProbeHistory.of(evaluations)) {
            ModelChange change = changes.get(history.probeSet().version());
            rows.add(List.of(
                    history.probeSet().name(),
                    history.probeSet().distribution() == Distribution.IN_DISTRIBUTION ? "in" : "out",
                    Integer.toString(history.probeSet().examples()),
                    Integer.toString(history.checkpoints()),
                    share(history.first()),
                    share(history.best()),
                    share(history.last()),
                    share(history.forgetting()),
                    String.format(Locale.ROOT, "%+.3f", history.backwardTransfer()),
                    change == null || change.churn() == null ? "-" : share(change.churn()),
                    change == null ? "-" : change.from()));
        }
        return new Table(
                List.of(
                        "probe set",
                        "distribution",
                        "examples",
                        "checkpoints",
                        "first",
                        "best",
                        "last",
                        "forgetting",
                        "backward transfer",
                        "churn",
                        "since"),
                rows);
    }

    /** The comparison of the last checkpoint with the model that was current then, by version of the probe set. */
    private static Map<String, ModelChange> lastChanges(List<CheckpointEvaluation> evaluations) {
        Map<String, ModelChange> changes = new HashMap<>();
        for (CheckpointEvaluation evaluation : evaluations) {
            List<ProbeDetails> details = evaluation.details() == null ? List.of() : evaluation.details();
            evaluation.scores().forEach(score -> changes.remove(score.probeSet().version()));
            for (ProbeDetails ofSet : details) {
                if (ofSet.change() != null) {
                    changes.put(ofSet.version(), ofSet.change());
                }
            }
        }
        return changes;
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
