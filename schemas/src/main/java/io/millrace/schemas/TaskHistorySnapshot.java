package io.millrace.schemas;

import io.millrace.schemas.ModelUpdate.CurrentModel;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The state that a task's verdicts and evaluations add up to: everything that the next verdict depends on besides the probe
 * sets. Written in the transaction of each verdict, so that an evaluator need not read the whole history when it starts.
 * {@code model-updates} and {@code evaluations} remain the proof: folding them from the beginning gives the same state.
 *
 * @param task the task
 * @param verdicts how many verdicts it covers; of two snapshots the one with more is newer
 * @param current the current model and its newest known scores; absent before the first promotion
 * @param promoted ids of the newest promoted checkpoints, newest last
 * @param retired ids that left {@code promoted} at the newest promotion that removed any
 * @param series the drift state of each probe set
 */
public record TaskHistorySnapshot(
        String task,
        long verdicts,
        @Nullable CurrentModel current,
        List<String> promoted,
        List<String> retired,
        List<Series> series) {

    public TaskHistorySnapshot {
        Required.field("TaskHistorySnapshot.task", task);
        promoted = Required.list("TaskHistorySnapshot.promoted", promoted);
        retired = Required.list("TaskHistorySnapshot.retired", retired);
        series = Required.list("TaskHistorySnapshot.series", series);
    }

    /**
     * The drift state of one probe set.
     *
     * @param probeSet its name
     * @param version its version
     * @param accuracy the accuracies of the task's checkpoints on it
     * @param episode the episode of its drift; absent without drift, and in records of earlier versions
     */
    public record Series(String probeSet, String version, FallBelowBest accuracy, @Nullable String episode) {

        public Series {
            Required.field("TaskHistorySnapshot.series.probeSet", probeSet);
            Required.field("TaskHistorySnapshot.series.version", version);
            Required.field("TaskHistorySnapshot.series.accuracy", accuracy);
        }

        /** One that belongs to no episode. */
        public Series(String probeSet, String version, FallBelowBest accuracy) {
            this(probeSet, version, accuracy, null);
        }
    }
}
