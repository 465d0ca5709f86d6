package io.millrace.app.between;

import io.millrace.app.console.Table;
import io.millrace.evaluator.between.ProbeHistory;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ModelChange;
import io.millrace.schemas.ProbeDetails;
import io.millrace.schemas.ProbeSetReference;
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

    /**
     * The scores of a task on one probe set along its checkpoints.
     *
     * @param probeSet the version that was scored last
     * @param checkpoints how many checkpoints were scored on it
     * @param first accuracy of the first of them
     * @param best the best accuracy
     * @param last accuracy of the last
     * @param forgetting the best less the last
     * @param backwardTransfer the last less the first
     * @param change the last checkpoint against the model that was current then; absent if they were not compared
     */
    public record Entry(
            ProbeSetReference probeSet,
            int checkpoints,
            double first,
            double best,
            double last,
            double forgetting,
            double backwardTransfer,
            @Nullable ModelChange change) {}

    /** One entry per probe set, by name; none if nothing was evaluated. Records that are no evaluations are passed over. */
    public static List<Entry> read(KafkaConnection kafka, String task) {
        List<CheckpointEvaluation> evaluations = new ArrayList<>();
        TopicReader.readAll(kafka, Topics.EVALUATIONS, record -> {
            if (task.equals(record.key()) && record.value() != null) {
                CheckpointEvaluation evaluation = read(record.value());
                if (evaluation != null && evaluation.checkpoint().task().equals(task)) {
                    evaluations.add(evaluation);
                }
            }
        });
        return entries(evaluations);
    }

    private static @Nullable CheckpointEvaluation read(byte[] value) {
        try {
            return Topics.EVALUATIONS.valueSerde().deserializer().deserialize(Topics.EVALUATIONS.name(), value);
        } catch (SerializationException e) {
            return null;
        }
    }

    private static List<Entry> entries(List<CheckpointEvaluation> evaluations) {
        Map<String, ModelChange> changes = lastChanges(evaluations);
        return ProbeHistory.of(evaluations).stream()
                .map(history -> new Entry(
                        history.probeSet(),
                        history.checkpoints(),
                        history.first(),
                        history.best(),
                        history.last(),
                        history.forgetting(),
                        history.backwardTransfer(),
                        changes.get(history.probeSet().version())))
                .toList();
    }

    static Table of(List<CheckpointEvaluation> evaluations) {
        return table(entries(evaluations));
    }

    /** One row per entry. */
    public static Table table(List<Entry> entries) {
        List<List<String>> rows = new ArrayList<>();
        for (Entry history : entries) {
            ModelChange change = history.change();
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
