package io.millrace.evaluator.state;

import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.GateEvidence;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.CurrentModel;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.TaskHistorySnapshot;
import io.millrace.schemas.TaskHistorySnapshot.GateState;
import io.millrace.schemas.Verdict;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All that the evaluator knows of a task: a fold over its {@code model-updates} and {@code evaluations}, or the result of
 * that fold as stored in its newest record on {@code task-histories}. Nothing else is kept between two checkpoints, so
 * any evaluator reaches the same verdict.
 *
 * @param config how the task is judged
 * @param verdicts the number of verdicts and outcomes of requests so far
 * @param current the current model and its newest known scores
 * @param promoted ids of the newest promoted checkpoints, newest last, at most {@link EvaluationConfig#keepModels()}
 * @param retired ids that left {@code promoted} with the newest promotion that removed any
 * @param series scores so far, by probe set
 * @param gate what the gate remembers
 * @param requests what has been done by hand
 */
public record TaskHistory(
        EvaluationConfig config,
        long verdicts,
        Optional<CurrentModel> current,
        List<String> promoted,
        List<String> retired,
        Map<String, ProbeSeries> series,
        GateState gate,
        RequestState requests) {

    private static final GateState NOTHING_YET = new GateState(null, null, 0, List.of());

    public TaskHistory {
        promoted = List.copyOf(promoted);
        retired = List.copyOf(retired);
        series = Map.copyOf(series);
    }

    /** The history of a task without any records. */
    public static TaskHistory empty(EvaluationConfig config) {
        return new TaskHistory(
                config, 0, Optional.empty(), List.of(), List.of(), Map.of(), NOTHING_YET, RequestState.NONE);
    }

    /** The history in a snapshot. */
    static TaskHistory of(TaskHistorySnapshot snapshot, EvaluationConfig config) {
        return new TaskHistory(
                config,
                snapshot.verdicts(),
                Optional.ofNullable(snapshot.current()),
                snapshot.promoted(),
                snapshot.retired(),
                snapshot.series().stream()
                        .collect(Collectors.toMap(
                                TaskHistorySnapshot.Series::probeSet,
                                series -> new ProbeSeries(series.version(), series.accuracy(), series.episode()),
                                (one, same) -> same)),
                snapshot.gate() == null ? ofOldVersion(snapshot, config) : snapshot.gate(),
                RequestState.of(snapshot.byHand()));
    }

    /** Old versions remembered the current model only: it is the best that is known. */
    private static GateState ofOldVersion(TaskHistorySnapshot snapshot, EvaluationConfig config) {
        return snapshot.current() == null
                ? NOTHING_YET
                : BestScores.withScoresOf(snapshot.current(), NOTHING_YET, config);
    }

    /** This history as a record for {@code task-histories}. */
    public TaskHistorySnapshot snapshot(String task) {
        return new TaskHistorySnapshot(
                task,
                verdicts,
                current.orElse(null),
                promoted,
                retired,
                new TreeMap<>(series)
                        .entrySet().stream()
                                .map(one -> new TaskHistorySnapshot.Series(
                                        one.getKey(),
                                        one.getValue().version(),
                                        one.getValue().accuracy(),
                                        one.getValue().episode()))
                                .toList(),
                gate,
                requests.snapshot());
    }

    /** The history after one more verdict. */
    public TaskHistory after(ModelUpdate update) {
        TaskHistory after = judged(update);
        return after.requested(requests.after(update, current, after.promoted));
    }

    /** The history after one more request was executed or refused; its verdict, if there is one, is applied separately. */
    public TaskHistory after(RequestOutcome outcome) {
        return new TaskHistory(config, verdicts + 1, current, promoted, retired, series, gate, requests.after(outcome));
    }

    private TaskHistory requested(RequestState now) {
        return new TaskHistory(config, verdicts, current, promoted, retired, series, gate, now);
    }

    private TaskHistory judged(ModelUpdate update) {
        return switch (update.verdict()) {
            case PROMOTED -> promoted(update);
            case ROLLED_BACK -> new TaskHistory(
                    config,
                    verdicts + 1,
                    currentOf(update),
                    promoted,
                    retired,
                    series,
                    ofNewChampion(update),
                    requests);
                // The current model may have been scored again on newer versions of the probe sets.
            case REJECTED -> new TaskHistory(
                    config,
                    verdicts + 1,
                    Optional.ofNullable(update.current()).or(() -> current),
                    promoted,
                    retired,
                    series,
                    ofSameChampion(update),
                    requests);
        };
    }

    private GateState ofSameChampion(ModelUpdate update) {
        GateEvidence evidence = update.evidence();
        if (evidence == null || evidence.champion() == null) {
            return gate;
        }
        GateState after = new GateState(
                evidence.fresh(),
                gate.championAnnouncedAt(),
                evidence.champion().examples(),
                gate.best());
        return bestAfter(update, after, true);
    }

    /**
     * A new champion is compared with from its first fresh example on. Whoever promotes a model by hand accepts its scores: they
     * replace the best ones.
     */
    private GateState ofNewChampion(ModelUpdate update) {
        GateEvidence evidence = update.evidence();
        boolean isAccepted = update.verdict() == Verdict.PROMOTED && update.request() != null;
        GateState after = new GateState(
                null, evidence == null ? null : evidence.announcedAt(), 0, isAccepted ? List.of() : gate.best());
        return bestAfter(update, after, !isAccepted);
    }

    private GateState bestAfter(ModelUpdate update, GateState state, boolean countsCurrent) {
        GateState after = state;
        if (countsCurrent && update.current() != null) {
            after = BestScores.withScoresOf(update.current(), after, config);
        }
        if (update.verdict() == Verdict.PROMOTED) {
            after = BestScores.withScoresOf(new CurrentModel(update.model(), update.scores()), after, config);
        }
        return BestScores.only(
                update.scores().stream().map(score -> score.probeSet().name()).toList(), after);
    }

    /** The history after one more evaluation. */
    public TaskHistory after(CheckpointEvaluation evaluation) {
        Map<String, ProbeSeries> after = new DriftMonitor(config.driftMargin()).after(series, evaluation);
        return new TaskHistory(config, verdicts, current, promoted, retired, after, gate, requests);
    }

    /** Ids of the models that stay in the store: the newest promoted ones, and always the current one. */
    public List<String> kept() {
        List<String> kept = new ArrayList<>(promoted);
        current.map(model -> model.model().checkpoint().id())
                .filter(id -> !kept.contains(id))
                .ifPresent(kept::add);
        return kept;
    }

    /** Ids of the models that a rollback may go back to, best first: those promoted before the current one. */
    public List<String> previous() {
        int at = promoted.indexOf(championId().orElse(""));
        List<String> previous = new ArrayList<>(at < 0 ? promoted : promoted.subList(0, at));
        previous.removeAll(requests.withdrawn());
        Collections.reverse(previous);
        return previous;
    }

    /** Id of the current model. */
    public Optional<String> championId() {
        return current.map(model -> model.model().checkpoint().id());
    }

    private TaskHistory promoted(ModelUpdate update) {
        String id = update.model().checkpoint().id();
        List<String> after = new ArrayList<>(promoted);
        after.remove(id);
        after.add(id);
        int tooMany = Math.max(0, after.size() - config.keepModels());
        return new TaskHistory(
                config,
                verdicts + 1,
                currentOf(update),
                after.subList(tooMany, after.size()),
                tooMany == 0 ? retired : after.subList(0, tooMany),
                series,
                ofNewChampion(update),
                requests);
    }

    private static Optional<CurrentModel> currentOf(ModelUpdate update) {
        return Optional.of(new CurrentModel(update.model(), update.scores()));
    }
}
