package io.millrace.evaluator;

import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.CurrentModel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that the evaluator knows of a task: a fold over its {@code model-updates} and {@code evaluations}. Nothing else is
 * kept between two checkpoints, so that any evaluator that has read the two topics comes to the same verdict.
 *
 * @param config how the task is judged
 * @param current the current model and its newest known scores
 * @param promoted ids of the newest promoted checkpoints, newest last, at most {@link EvaluationConfig#keepModels()}
 * @param series scores so far, by probe set
 */
record TaskHistory(
        EvaluationConfig config,
        Optional<CurrentModel> current,
        List<String> promoted,
        Map<String, ProbeSeries> series) {

    TaskHistory {
        promoted = List.copyOf(promoted);
        series = Map.copyOf(series);
    }

    /** The history of a task of which nothing has been written yet. */
    static TaskHistory empty(EvaluationConfig config) {
        return new TaskHistory(config, Optional.empty(), List.of(), Map.of());
    }

    /** The history after one more verdict. */
    TaskHistory after(ModelUpdate update) {
        return switch (update.verdict()) {
            case PROMOTED -> new TaskHistory(config, judged(update), promotedAfter(update), series);
            case ROLLED_BACK -> new TaskHistory(config, judged(update), promoted, series);
                // The current model may have been scored again, on newer versions of the probe sets.
            case REJECTED -> new TaskHistory(
                    config, Optional.ofNullable(update.current()).or(() -> current), promoted, series);
        };
    }

    /** The history after one more evaluation. */
    TaskHistory after(CheckpointEvaluation evaluation) {
        Map<String, ProbeSeries> after = new DriftMonitor(config.driftMargin()).after(series, evaluation);
        return new TaskHistory(config, current, promoted, after);
    }

    /** Ids of the models that stay in the store: the newest promoted ones, and always the current one. */
    List<String> kept() {
        List<String> kept = new ArrayList<>(promoted);
        current.map(model -> model.model().checkpoint().id())
                .filter(id -> !kept.contains(id))
                .ifPresent(kept::add);
        return kept;
    }

    private static Optional<CurrentModel> judged(ModelUpdate update) {
        return Optional.of(new CurrentModel(update.model(), update.scores()));
    }

    private List<String> promotedAfter(ModelUpdate update) {
        String id = update.model().checkpoint().id();
        List<String> after = new ArrayList<>(promoted);
        after.remove(id);
        after.add(id);
        return after.subList(Math.max(0, after.size() - config.keepModels()), after.size());
    }
}
