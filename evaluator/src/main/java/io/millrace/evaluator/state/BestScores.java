package io.millrace.evaluator.state;

import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.evaluator.gate.ProbeMargin;
import io.millrace.schemas.GateEvidence.BestScore;
import io.millrace.schemas.ModelUpdate.CurrentModel;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.TaskHistorySnapshot.Best;
import io.millrace.schemas.TaskHistorySnapshot.GateState;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The best score of a promoted model on each version of a probe set. A chain of checkpoints, each a little worse than the one
 * before, cannot lead away from it. By the rule {@code evidence} a score must exceed the best by more than chance to replace it,
 * {@link ProbeMargin#chance}: the luckiest of a thousand promotions would otherwise keep out all equally good successors. See
 * the Ladder of Blum and Hardt (arXiv 1502.04585). Only the newest version of a probe set is remembered.
 */
public final class BestScores {

    private BestScores() {}

    /** The best score on this version. */
    public static Optional<BestScore> on(ProbeSetReference probeSet, GateState state) {
        return state.best().stream()
                .filter(best -> best.probeSet().equals(probeSet.name())
                        && best.version().equals(probeSet.version()))
                .map(Best::score)
                .findFirst();
    }

    /** The state with the scores of a promoted model, which may be new if probe sets have changed. */
    public static GateState withScoresOf(CurrentModel promoted, GateState state, EvaluationConfig config) {
        return new GateState(
                state.fresh(),
                state.championAnnouncedAt(),
                state.championExamples(),
                merged(state.best(), promoted, config));
    }

    /** In the order of the probe sets' names. */
    private static List<Best> merged(List<Best> before, CurrentModel promoted, EvaluationConfig config) {
        TreeMap<String, Best> best = new TreeMap<>();
        before.forEach(one -> best.put(one.probeSet(), one));
        for (ProbeScore score : promoted.scores()) {
            ProbeSetReference probeSet = score.probeSet();
            BestScore mine = new BestScore(promoted.model().checkpoint().id(), score.accuracy());
            best.merge(
                    probeSet.name(),
                    new Best(probeSet.name(), probeSet.version(), mine),
                    (old, added) -> old.version().equals(added.version())
                                    && mine.accuracy() <= old.score().accuracy() + ProbeMargin.chance(config, probeSet)
                            ? old
                            : added);
        }
        return List.copyOf(best.values());
    }

    /** The state without probe sets that are no longer scored: names may come and go for years. */
    static GateState only(Collection<String> probeSets, GateState state) {
        return new GateState(
                state.fresh(),
                state.championAnnouncedAt(),
                state.championExamples(),
                state.best().stream()
                        .filter(best -> probeSets.contains(best.probeSet()))
                        .toList());
    }
}
