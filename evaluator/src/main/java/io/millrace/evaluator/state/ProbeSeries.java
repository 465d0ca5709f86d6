package io.millrace.evaluator.state;

import io.millrace.schemas.FallBelowBest;
import io.millrace.schemas.ProbeScore;
import org.jspecify.annotations.Nullable;

/**
 * The accuracies of a task's checkpoints on one version of a probe set, folded to what later checkpoints are compared
 * with.
 *
 * @param version version of the probe set
 * @param accuracy the folded accuracies
 * @param episode the episode of its drift; null without drift, and for drift that an earlier version has seen start
 */
public record ProbeSeries(String version, FallBelowBest accuracy, @Nullable String episode) {

    /** One that belongs to no episode. */
    public ProbeSeries(String version, FallBelowBest accuracy) {
        this(version, accuracy, null);
    }

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
        FallBelowBest counted = accuracy.drifting() ? after.afterCheckpoint() : after;
        return new ProbeSeries(version, counted, counted.drifting() ? episode : null);
    }

    /** The same series, in an episode. */
    ProbeSeries in(String newEpisode) {
        return new ProbeSeries(version, accuracy, newEpisode);
    }

    /** The best accuracy so far minus the newest; 0 at a new best. */
    public double forgetting() {
        return accuracy.fall();
    }
}
