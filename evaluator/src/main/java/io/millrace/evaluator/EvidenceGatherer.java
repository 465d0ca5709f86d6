package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.evaluator.gate.EProcess;
import io.millrace.evaluator.gate.ProbeMargin;
import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.state.BestScores;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.evaluator.state.TaskHistory;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.FreshComparison;
import io.millrace.schemas.FreshExample;
import io.millrace.schemas.GateEvidence;
import io.millrace.schemas.GateEvidence.Champion;
import io.millrace.schemas.GateEvidence.ProbeComparison;
import io.millrace.schemas.GateRule;
import io.millrace.schemas.ModelUpdate.CurrentModel;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.TaskHistorySnapshot.GateState;
import io.millrace.schemas.store.CorruptCheckpointException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gathers the numbers that the gate decides on: asks the champion what the checkpoint was asked. */
final class EvidenceGatherer {

    private static final Logger LOG = LoggerFactory.getLogger(EvidenceGatherer.class);

    private final ChampionAnswers champions;
    private final Map<String, Set<ProbeSetReference>> toldByTask = new HashMap<>();

    EvidenceGatherer(ChampionAnswers champions) {
        this.champions = champions;
    }

    /**
     * A checkpoint and its own answers.
     *
     * @param task its task
     * @param announced its announcement
     * @param fresh the fresh examples in it, with the answers of the models in training
     * @param sets its answers to the probe sets
     * @param smokeMillis how long it took to answer the smoke set
     */
    record Answered(
            EvaluatedTask task, Announced announced, List<FreshExample> fresh, List<ScoredSet> sets, long smokeMillis) {

        CheckpointAnnouncement announcement() {
            return announced.announcement();
        }

        Instant announcedAt() {
            return announced.at();
        }

        List<ProbeScore> scores() {
            return sets.stream().map(ScoredSet::score).toList();
        }

        List<ProbeSet> probeSets() {
            return sets.stream().map(ScoredSet::probeSet).toList();
        }
    }

    /**
     * The evidence.
     *
     * @param numbers the gate's input
     * @param current the champion with its scores on the same versions of the probe sets
     * @param championSets the champion's answers; none if there is no champion or it cannot be asked
     */
    record Gathered(GateEvidence numbers, Optional<CurrentModel> current, List<ScoredSet> championSets) {}

    Gathered gather(Answered checkpoint, TaskHistory history) {
        EvaluationConfig config = checkpoint.task().evaluation();
        tellWhatProbeSetsCanHold(checkpoint);
        if (history.current().isEmpty()) {
            GateEvidence numbers = numbers(checkpoint, null, compare(checkpoint, List.of(), history.gate()), null);
            return new Gathered(numbers, Optional.empty(), List.of());
        }
        CurrentModel known = history.current().get();
        String id = known.model().checkpoint().id();
        FreshComparison fresh = Optional.ofNullable(history.gate().fresh())
                .filter(comparison -> comparison.champion().equals(id))
                .orElse(null);
        List<ScoredSet> sets = List.of();
        boolean usable = true;
        try {
            sets = champions.on(checkpoint.probeSets(), known.model(), checkpoint.task());
            if (config.gate() == GateRule.EVIDENCE) {
                // Once the champion is overdue, the best promoted scores alone decide: asking it would only take time.
                boolean isOverdue =
                        champion(checkpoint, id, usable, history.gate()).isOverdue();
                fresh = isOverdue ? null : withFresh(fresh, checkpoint, known);
            }
        } catch (CorruptCheckpointException e) {
            LOG.warn(
                    "The champion {} of task {} cannot be compared with: {}",
                    id,
                    checkpoint.task().task().name(),
                    e.getMessage());
            usable = false;
            sets = List.of();
        }
        CurrentModel current = new CurrentModel(
                known.model(),
                usable
                        ? sets.stream().map(ScoredSet::score).toList()
                        : onSameVersions(known.scores(), checkpoint.scores()));
        GateState state = BestScores.withScoresOf(current, history.gate(), config);
        Champion champion = champion(checkpoint, id, usable, state);
        return new Gathered(
                numbers(checkpoint, fresh, compare(checkpoint, sets, state), champion), Optional.of(current), sets);
    }

    /** Once per process and version. */
    private void tellWhatProbeSetsCanHold(Answered checkpoint) {
        String task = checkpoint.task().task().name();
        EvaluationConfig config = checkpoint.task().evaluation();
        Set<ProbeSetReference> present = new HashSet<>();
        checkpoint.scores().forEach(score -> present.add(score.probeSet()));
        Set<ProbeSetReference> told = toldByTask.getOrDefault(task, Set.of());
        int required = ProbeMargin.required(config, present);
        for (ProbeSetReference probeSet : present) {
            if (!told.contains(probeSet)) {
                ProbeMargin.shortfall(config, probeSet, required)
                        .ifPresent(sentence -> LOG.info("Task {}: {}.", task, sentence));
            }
        }
        toldByTask.put(task, present);
    }

    private static GateEvidence numbers(
            Answered checkpoint,
            @Nullable FreshComparison fresh,
            List<ProbeComparison> probes,
            @Nullable Champion champion) {
        EvaluationConfig config = checkpoint.task().evaluation();
        return new GateEvidence(
                config.gate(),
                config.evidence().alpha(),
                checkpoint.announcedAt(),
                fresh,
                probes,
                champion,
                checkpoint.smokeMillis());
    }

    /** Only examples that the champion was not trained on are fresh to it: those of later steps. */
    private @Nullable FreshComparison withFresh(
            @Nullable FreshComparison before, Answered checkpoint, CurrentModel champion) {
        int asked = checkpoint.task().evaluation().evidence().freshExamples();
        List<FreshExample> fresh = checkpoint.fresh();
        List<FreshExample> newest = fresh.subList(Math.max(0, fresh.size() - asked), fresh.size());
        if (newest.isEmpty()
                || checkpoint.announcement().checkpoint().step()
                        <= champion.model().checkpoint().step()) {
            return before;
        }
        boolean[] right = champions.right(newest, champion.model(), checkpoint.task());
        return EProcess.after(
                before,
                champion.model().checkpoint().id(),
                newest,
                right,
                checkpoint.announcement().offsets());
    }

    private static List<ProbeComparison> compare(Answered checkpoint, List<ScoredSet> championSets, GateState state) {
        EvaluationConfig config = checkpoint.task().evaluation();
        List<ProbeSetReference> references =
                checkpoint.scores().stream().map(ProbeScore::probeSet).toList();
        int required = ProbeMargin.required(config, references);
        List<ProbeComparison> comparisons = new ArrayList<>();
        for (int i = 0; i < references.size(); i++) {
            ProbeSetReference probeSet = references.get(i);
            Integer gained = null;
            Integer lost = null;
            if (!championSets.isEmpty()) {
                BitSet mine = checkpoint.sets().get(i).right();
                BitSet champions = championSets.get(i).right();
                gained = onlyIn(mine, champions);
                lost = onlyIn(champions, mine);
            }
            comparisons.add(new ProbeComparison(
                    probeSet.name(),
                    !config.advisory().contains(probeSet.name()),
                    ProbeMargin.of(config, probeSet, required),
                    gained,
                    lost,
                    BestScores.on(probeSet, state).orElse(null)));
        }
        return comparisons;
    }

    private static int onlyIn(BitSet one, BitSet other) {
        BitSet only = (BitSet) one.clone();
        only.andNot(other);
        return only.cardinality();
    }

    private static Champion champion(Answered checkpoint, String id, boolean usable, GateState state) {
        EvaluationConfig config = checkpoint.task().evaluation();
        // A clock that was set back makes the champion young, never of negative age; its examples age it all the same.
        Long seconds = state.championAnnouncedAt() == null
                ? null
                : Math.max(
                        0,
                        Duration.between(state.championAnnouncedAt(), checkpoint.announcedAt())
                                .toSeconds());
        return new Champion(
                id,
                usable,
                seconds,
                config.evidence().maxAge().toSeconds(),
                state.championExamples() + checkpoint.announcement().examples(),
                config.evidence().maxExamples());
    }

    private static List<ProbeScore> onSameVersions(List<ProbeScore> known, List<ProbeScore> wanted) {
        return known.stream()
                .filter(score ->
                        wanted.stream().anyMatch(other -> other.probeSet().equals(score.probeSet())))
                .toList();
    }
}
