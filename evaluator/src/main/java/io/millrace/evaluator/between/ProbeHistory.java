package io.millrace.evaluator.between;

import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The accuracy on one version of a probe set along the checkpoints of a task.
 *
 * @param probeSet the version
 * @param checkpoints how many checkpoints were scored on it
 * @param first of the first of them
 * @param best the best of all
 * @param last of the last
 */
public record ProbeHistory(ProbeSetReference probeSet, int checkpoints, double first, double best, double last) {

    /**
     * Forgetting: {@code max_t a_t - a_T}, with the accuracies {@code a_1} to {@code a_T} (Chaudhry et al. 2018, arXiv
     * 1801.10112, with the last checkpoint among those of the maximum, so that it is never negative).
     */
    public double forgetting() {
        return best - last;
    }

    /**
     * Backward transfer: {@code a_T - a_1}, as the accuracy after all training less that when the probe set was first
     * scored (Lopez-Paz and Ranzato 2017, arXiv 1706.08840). Below 0, later training did harm.
     */
    public double backwardTransfer() {
        return last - first;
    }

    /**
     * The histories of the probe sets of a task, by name: for each the version that was scored last.
     *
     * @param evaluations of one task, in the order in which they were written
     */
    public static Collection<ProbeHistory> of(List<CheckpointEvaluation> evaluations) {
        Map<String, ProbeHistory> byName = new TreeMap<>();
        for (CheckpointEvaluation evaluation : evaluations) {
            for (ProbeScore score : evaluation.scores()) {
                ProbeHistory one =
                        new ProbeHistory(score.probeSet(), 1, score.accuracy(), score.accuracy(), score.accuracy());
                byName.merge(score.probeSet().name(), one, ProbeHistory::then);
            }
        }
        return byName.values();
    }

    private ProbeHistory then(ProbeHistory next) {
        return next.probeSet.version().equals(probeSet.version())
                ? new ProbeHistory(next.probeSet, checkpoints + 1, first, Math.max(best, next.last), next.last)
                : next;
    }
}
