package io.millrace.evaluator.state;

import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftEvent.Episode;
import io.millrace.schemas.DriftEvent.Severity;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.FallBelowBest;
import io.millrace.schemas.ProbeScore;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Watches the accuracy on each probe set for forgetting, by the rule of {@link FallBelowBest}. A new version of a probe
 * set starts a new series, because scores on two versions are not comparable: its first score is its best. A probe set
 * that is no longer scored has no series. Both end an open drift.
 *
 * <p>Probe sets that start to drift with one checkpoint, or while the drift of another has lasted for at most
 * {@value #JOINING} checkpoints, are in one episode. It is named after the task and the checkpoint at which it started.
 */
public final class DriftMonitor {

    static final int JOINING = 4;

    /** A fall is major from so many times the margin on, which is twice what is tolerated. */
    private static final double MAJOR = 2;

    /** Most metrics that an event names: a task may have 200 probe sets. */
    private static final int MAX_METRICS = 20;

    private static final String METRIC = "accuracy/";

    private final double margin;

    public DriftMonitor(double margin) {
        this.margin = margin;
    }

    /** The series of every probe set that an evaluation scores. */
    Map<String, ProbeSeries> after(Map<String, ProbeSeries> before, CheckpointEvaluation evaluation) {
        Map<String, ProbeSeries> after = new TreeMap<>();
        for (ProbeScore score : evaluation.scores()) {
            String probeSet = score.probeSet().name();
            ProbeSeries series = after(before.get(probeSet), score);
            boolean isNew = series.accuracy().drifting() && series.episode() == null;
            after.put(probeSet, isNew ? series.in(episode(before, evaluation.checkpoint())) : series);
        }
        return after;
    }

    /** The episode of a drift that starts now: the youngest open one if it has just begun, else a new one. */
    private static String episode(Map<String, ProbeSeries> before, CheckpointReference checkpoint) {
        return new TreeMap<>(before)
                .values().stream()
                        .filter(series ->
                                series.episode() != null && series.accuracy().checkpoints() <= JOINING)
                        .min(Comparator.comparingInt(series -> series.accuracy().checkpoints()))
                        .map(ProbeSeries::episode)
                        .orElse(checkpoint.task() + "/" + checkpoint.id());
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
        Map<String, ProbeSeries> after = after(before, evaluation);
        return events.stream()
                .map(event -> inEpisode(event, event.phase() == DriftPhase.RECOVERED ? before : after))
                .toList();
    }

    /** The event with the episode that its probe set is in, among {@code series}; without, if an earlier version saw its start. */
    private DriftEvent inEpisode(DriftEvent event, Map<String, ProbeSeries> series) {
        ProbeSeries own = series.get(event.metric().substring(METRIC.length()));
        String id = own == null ? null : own.episode();
        if (id == null) {
            return event;
        }
        Severity severity = event.reading().magnitude() >= MAJOR * margin - FallBelowBest.RESOLUTION
                ? Severity.MAJOR
                : Severity.MINOR;
        List<String> metrics = new TreeMap<>(series)
                .entrySet().stream()
                        .filter(one -> id.equals(one.getValue().episode()))
                        .map(one -> METRIC + one.getKey())
                        .limit(MAX_METRICS)
                        .toList();
        return new DriftEvent(
                event.task(),
                event.phase(),
                event.metric(),
                event.detector(),
                event.reading(),
                event.step(),
                new Episode(id, metrics, severity, null, null, null));
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
        return new DriftEvent(checkpoint.task(), phase, METRIC + probeSet, detector, reading, checkpoint.step());
    }
}
