package io.millrace.evaluator.state;

import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.CurrentModel;
import io.millrace.schemas.TaskHistorySnapshot;

import java.util.ArrayList;
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
 * @param verdicts the number of verdicts so far
 * @param current the current model and its newest known scores
 * @param promoted ids of the newest promoted checkpoints, newest last, at most {@link EvaluationConfig#keepModels()}
 * @param retired ids that left {@code promoted} with the newest promotion that removed any
 * @param series scores so far, by probe set
 */
public record TaskHistory(
        EvaluationConfig config,
        long verdicts,
        Optional<CurrentModel> current,
        List<String> promoted,
        List<String> retired,
        Map<String, ProbeSeries> series) {

    public TaskHistory {
        promoted = List.copyOf(promoted);
        retired = List.copyOf(retired);
        series = Map.copyOf(series);
    }

    /** The history of a task without any records. */
    public static TaskHistory empty(EvaluationConfig config) {
        return new TaskHistory(config, 0, Optional.empty(), List.of(), List.of(), Map.of());
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
                                (one, same) -> same)));
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
                                .toList());
    }

    /** The history after one more verdict. */
    public TaskHistory after(ModelUpdate update) {
        return switch (update.verdict()) {
            case PROMOTED -> promoted(update);
            case ROLLED_BACK -> new TaskHistory(config, verdicts + 1, judged(update), promoted, retired, series);
                // The current model may have been scored again on newer versions of the probe sets.
            case REJECTED -> new TaskHistory(
                    config,
                    verdicts + 1,
                    Optional.ofNullable(update.current()).or(() -> current),
                    promoted,
                    retired,
                    series);
        };
    }

    /** The history after one more evaluation. */
    public TaskHistory after(CheckpointEvaluation evaluation) {
        Map<String, ProbeSeries> after = new DriftMonitor(config.driftMargin()).after(series, evaluation);
        return new TaskHistory(config, verdicts, current, promoted, retired, after);
    }

    /** Ids of the models that stay in the store: the newest promoted ones, and always the current one. */
    public List<String> kept() {
        List<String> kept = new ArrayList<>(promoted);
        current.map(model -> model.model().checkpoint().id())
                .filter(id -> !kept.contains(id))
                .ifPresent(kept::add);
        return kept;
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
                judged(update),
                after.subList(tooMany, after.size()),
                tooMany == 0 ? retired : after.subList(0, tooMany),
                series);
    }

    private static Optional<CurrentModel> judged(ModelUpdate update) {
        return Optional.of(new CurrentModel(update.model(), update.scores()));
    }
}
