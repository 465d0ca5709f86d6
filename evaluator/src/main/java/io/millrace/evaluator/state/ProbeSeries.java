package io.millrace.evaluator.state;

import io.millrace.schemas.FallBelowBest;
import io.millrace.schemas.ProbeScore;

/**
 * The accuracies of a task's checkpoints on one version of a probe set, folded to what later checkpoints are compared
 * with.
 *
 * @param version version of the probe set
 * @param accuracy the folded accuracies
 */
public record ProbeSeries(String version, FallBelowBest accuracy) {

    /** A series that starts with this score. */
    static ProbeSeries first(ProbeScore score) {
        return new ProbeSeries(score.probeSet().version(), FallBelowBest.first(score.accuracy()));
    }

    /** Whether {@code score} is comparable with the scores in this series. */
    boolean isContinuedBy(ProbeScore score) {
        return version.equals(score.probeSet().version());
    }

    /** The series with the score of one more checkpoint. */
    ProbeSeries after(ProbeScore score, double margin) {
        FallBelowBest after = accuracy.after(score.accuracy(), margin);
        return new ProbeSeries(version, accuracy.drifting() ? after.afterCheckpoint() : after);
    }

    /** The best accuracy so far minus the newest; 0 at a new best. */
    public double forgetting() {
        return accuracy.fall();
    }
}
