package io.millrace.evaluator.state;

import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.FallBelowBest;
import io.millrace.schemas.ProbeScore;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Watches the accuracy on each probe set for forgetting, by the rule of {@link FallBelowBest}. A new version of a probe
 * set starts a new series, because scores on two versions are not comparable: its first score is its best. A probe set
 * that is no longer scored has no series. Both end an open drift.
 */
public final class DriftMonitor {

    private final double margin;

    public DriftMonitor(double margin) {
        this.margin = margin;
    }

    /** The series of every probe set that an evaluation scores. */
    Map<String, ProbeSeries> after(Map<String, ProbeSeries> before, CheckpointEvaluation evaluation) {
        Map<String, ProbeSeries> after = new TreeMap<>();
        for (ProbeScore score : evaluation.scores()) {
            after.put(score.probeSet().name(), after(before.get(score.probeSet().name()), score));
        }
        return after;
    }

    /** The drift events of an evaluation: at most one per probe set, first for those that it scores, in their order. */
    public List<DriftEvent> events(Map<String, ProbeSeries> before, CheckpointEvaluation evaluation) {
        List<DriftEvent> events = new ArrayList<>();
        for (ProbeScore score : evaluation.scores()) {
            String probeSet = score.probeSet().name();
            ProbeSeries series = before.get(probeSet);
            FallBelowBest after = after(series, score).accuracy();
            if (series != null && series.isContinuedBy(score)) {
                after.phaseSince(series.accuracy())
                        .ifPresent(phase -> events.add(event(
                                evaluation.checkpoint(),
                                phase,
                                probeSet,
                                after.detectorSince(series.accuracy(), margin),
                                after.readingSince(
                                        series.accuracy(), score.probeSet().examples()))));
            } else if (series != null && series.accuracy().drifting()) {
                events.add(event(
                        evaluation.checkpoint(),
                        DriftPhase.RECOVERED,
                        probeSet,
                        after.detectorSince(after, margin) + ", new version of the probe set",
                        after.readingSince(after, score.probeSet().examples())));
            }
        }
        events.addAll(ofSetsThatAreGone(before, evaluation));
        return events;
    }

    private List<DriftEvent> ofSetsThatAreGone(Map<String, ProbeSeries> before, CheckpointEvaluation evaluation) {
        Set<String> scored = evaluation.scores().stream()
                .map(score -> score.probeSet().name())
                .collect(Collectors.toSet());
        return new TreeMap<>(before)
                .entrySet().stream()
                        .filter(series -> !scored.contains(series.getKey()))
                        .filter(series -> series.getValue().accuracy().drifting())
                        .map(series -> {
                            FallBelowBest last = series.getValue().accuracy();
                            return event(
                                    evaluation.checkpoint(),
                                    DriftPhase.RECOVERED,
                                    series.getKey(),
                                    last.detectorSince(last, margin) + ", the probe set is no longer scored",
                                    last.readingSince(last, 0));
                        })
                        .toList();
    }

    private ProbeSeries after(@Nullable ProbeSeries before, ProbeScore score) {
        return before == null || !before.isContinuedBy(score) ? ProbeSeries.first(score) : before.after(score, margin);
    }

    private static DriftEvent event(
            CheckpointReference checkpoint,
            DriftPhase phase,
            String probeSet,
            String detector,
            DriftEvent.Reading reading) {
        return new DriftEvent(checkpoint.task(), phase, "accuracy/" + probeSet, detector, reading, checkpoint.step());
    }
}
