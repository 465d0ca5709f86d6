package io.millrace.evaluator;

import io.millrace.evaluator.score.Accuracy;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.ProbeScore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Watches the accuracy on each probe set for forgetting. With {@code fall = best so far - accuracy}:
 *
 * <ul>
 *   <li>drift starts when {@code fall >= margin} (and above 0);
 *   <li>it is ongoing while {@code fall > margin / 2};
 *   <li>it has recovered once {@code fall <= margin / 2}. The gap between the two thresholds keeps a score that
 *       trembles around one of them from starting and ending drift at every checkpoint.
 * </ul>
 *
 * A new version of a probe set starts a new series, as scores on two versions do not compare: its first score is its
 * best, and so ends a drift that was open.
 */
final class DriftMonitor {

    private final double margin;

    DriftMonitor(double margin) {
        this.margin = margin;
    }

    /** The series of every probe set after an evaluation; those that it does not score stay as they are. */
    Map<String, ProbeSeries> after(Map<String, ProbeSeries> before, CheckpointEvaluation evaluation) {
        Map<String, ProbeSeries> after = new TreeMap<>(before);
        for (ProbeScore score : evaluation.scores()) {
            after.compute(score.probeSet().name(), (name, series) -> after(series, score));
        }
        return after;
    }

    /** What an evaluation has to say: at most one event a probe set, in the order of its scores. */
    List<DriftEvent> events(Map<String, ProbeSeries> before, CheckpointEvaluation evaluation) {
        List<DriftEvent> events = new ArrayList<>();
        for (ProbeScore score : evaluation.scores()) {
            ProbeSeries series = before.get(score.probeSet().name());
            ProbeSeries next = after(series, score);
            phase(series != null && series.drifting(), next.drifting())
                    .ifPresent(phase -> events.add(event(evaluation.checkpoint(), phase, next, score)));
        }
        return events;
    }

    private ProbeSeries after(ProbeSeries before, ProbeScore score) {
        String version = score.probeSet().version();
        double accuracy = score.accuracy();
        if (before == null || !before.version().equals(version)) {
            return new ProbeSeries(version, accuracy, accuracy, false);
        }
        double best = Math.max(before.best(), accuracy);
        double fall = best - accuracy;
        boolean drifting = before.drifting()
                ? fall > margin / 2 + Accuracy.RESOLUTION
                : fall >= margin - Accuracy.RESOLUTION && fall > Accuracy.RESOLUTION;
        return new ProbeSeries(version, best, accuracy, drifting);
    }

    private static Optional<DriftPhase> phase(boolean before, boolean after) {
        if (after) {
            return Optional.of(before ? DriftPhase.ONGOING : DriftPhase.STARTED);
        }
        return before ? Optional.of(DriftPhase.RECOVERED) : Optional.empty();
    }

    private DriftEvent event(CheckpointReference checkpoint, DriftPhase phase, ProbeSeries series, ProbeScore score) {
        return new DriftEvent(
                checkpoint.task(),
                phase,
                "accuracy/" + score.probeSet().name(),
                String.format(Locale.ROOT, "fall-below-best(%.3f)", margin),
                new DriftEvent.Reading(
                        series.latest(),
                        series.best(),
                        series.forgetting(),
                        score.probeSet().examples()),
                checkpoint.step());
    }
}
