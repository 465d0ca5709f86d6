package io.millrace.schemas;

import io.millrace.schemas.GateEvidence.BestScore;
import io.millrace.schemas.ModelUpdate.CurrentModel;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * The state that a task's verdicts and evaluations add up to: everything that the next verdict depends on besides the probe
 * sets. Written in the transaction of each verdict, so that an evaluator need not read the whole history when it starts.
 * {@code model-updates} and {@code evaluations} remain the proof: folding them from the beginning gives the same state.
 *
 * @param task the task
 * @param verdicts how many verdicts and outcomes of requests it covers; of two snapshots the one with more is newer
 * @param current the current model and its newest known scores; absent before the first promotion
 * @param promoted ids of the newest promoted checkpoints, newest last
 * @param retired ids that left {@code promoted} at the newest promotion that removed any
 * @param series the drift state of each probe set
 * @param gate what the gate remembers from one verdict to the next; absent in records of old versions
 * @param byHand what has been done by hand; absent if nothing has
 */
public record TaskHistorySnapshot(
        String task,
        long verdicts,
        @Nullable CurrentModel current,
        List<String> promoted,
        List<String> retired,
        List<Series> series,
        @Nullable GateState gate,
        @Nullable ByHand byHand) {

    public TaskHistorySnapshot {
        Required.field("TaskHistorySnapshot.task", task);
        promoted = Required.list("TaskHistorySnapshot.promoted", promoted);
        retired = Required.list("TaskHistorySnapshot.retired", retired);
        series = Required.list("TaskHistorySnapshot.series", series);
    }

    /** Without the gate's state, and of a task whose models nobody has changed by hand. */
    public TaskHistorySnapshot(
            String task,
            long verdicts,
            @Nullable CurrentModel current,
            List<String> promoted,
            List<String> retired,
            List<Series> series) {
        this(task, verdicts, current, promoted, retired, series, null, null);
    }

    /**
     * What the gate remembers.
     *
     * @param fresh the comparison with the champion on fresh examples; absent if there was none yet
     * @param championAnnouncedAt when the champion's checkpoint was announced; absent if unknown
     * @param championExamples examples trained since the champion
     * @param best the best promoted score per probe set
     */
    public record GateState(
            @Nullable FreshComparison fresh,
            @Nullable Instant championAnnouncedAt,
            long championExamples,
            List<Best> best) {

        public GateState {
            best = Required.list("TaskHistorySnapshot.gate.best", best);
        }
    }

    /**
     * The best score of a promoted model on one version of a probe set.
     *
     * @param probeSet name of the probe set
     * @param version its version
     * @param score the score
     */
    public record Best(String probeSet, String version, BestScore score) {

        public Best {
            Required.field("TaskHistorySnapshot.gate.best.probeSet", probeSet);
            Required.field("TaskHistorySnapshot.gate.best.version", version);
            Required.field("TaskHistorySnapshot.gate.best.score", score);
        }
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
