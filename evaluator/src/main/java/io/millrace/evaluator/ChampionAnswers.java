package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.score.Scorer;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.FreshExample;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.store.CorruptCheckpointException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * The champion's answers. Its weights do not change, so it answers each version of a probe set once per process; only fresh
 * examples are new at each checkpoint. Keeps the answers of one model per task, on the probe sets that were asked last.
 */
final class ChampionAnswers {

    private final Function<PublishedModel, Path> locate;
    private final Scorer scorer;
    private final Map<String, Known> knownByTask = new HashMap<>();

    private record Known(PublishedModel model, List<ScoredSet> sets) {}

    /**
     * Knows no answers yet.
     *
     * @param locate the directory of a published model; throws {@link CorruptCheckpointException} if it is gone or broken
     * @param scorer asks it
     */
    ChampionAnswers(Function<PublishedModel, Path> locate, Scorer scorer) {
        this.locate = locate;
        this.scorer = scorer;
    }

    /**
     * The champion's answers to these probe sets, in their order.
     *
     * @throws CorruptCheckpointException if its files are gone or broken
     */
    List<ScoredSet> on(List<ProbeSet> probeSets, PublishedModel champion, EvaluatedTask task) {
        Known known = knownByTask.get(task.task().name());
        Map<ProbeSetReference, ScoredSet> answered = new HashMap<>();
        if (known != null && known.model().equals(champion)) {
            known.sets().forEach(set -> answered.put(set.probeSet().reference(), set));
        }
        List<ProbeSet> missing = probeSets.stream()
                .filter(set -> !answered.containsKey(set.reference()))
                .toList();
        if (!missing.isEmpty()) {
            scorer.answers(locate.apply(champion), task, missing)
                    .forEach(set -> answered.put(set.probeSet().reference(), set));
        }
        List<ScoredSet> sets = new ArrayList<>();
        probeSets.forEach(
                set -> sets.add(Objects.requireNonNull(answered.get(set.reference()), "each probe set was answered")));
        remember(champion, sets);
        return sets;
    }

    /** Notes the answers of a model that is, or is about to be, the champion. */
    void remember(PublishedModel model, List<ScoredSet> sets) {
        knownByTask.put(model.checkpoint().task(), new Known(model, List.copyOf(sets)));
    }

    /**
     * Whether the champion is right on fresh examples, one flag per example.
     *
     * @throws CorruptCheckpointException if its files are gone or broken
     */
    boolean[] right(List<FreshExample> fresh, PublishedModel champion, EvaluatedTask task) {
        return scorer.right(
                locate.apply(champion),
                task,
                fresh.stream().map(FreshExample::example).toList());
    }
}
