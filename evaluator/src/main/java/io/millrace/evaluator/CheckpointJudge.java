package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.evaluator.models.CandidateModel;
import io.millrace.evaluator.models.ModelStore;
import io.millrace.evaluator.score.ModelScorer;
import io.millrace.evaluator.state.DriftMonitor;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.evaluator.state.TaskHistory;
import io.millrace.schemas.ByHand;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.CurrentModel;
import io.millrace.schemas.ModelUpdate.Lineage;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.store.CorruptCheckpointException;
import io.millrace.schemas.text.LogSafe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Judges one checkpoint: stage, score, compare, decide, publish. Knows the store and the models, but not Kafka. */
final class CheckpointJudge {

    /** Longest reason of a rejection: the message about a broken file may quote its text. */
    private static final int MAX_REASON_CHARS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointJudge.class);

    private final ModelStore models;
    private final Scorer scorer;
    private final Runnable throwIfGivenUp;

    /** Scores a model directory on probe sets: {@link ModelScorer#score}, or a fake of it. */
    @FunctionalInterface
    interface Scorer {
        List<ProbeScore> score(Path model, EvaluatedTask task, List<ProbeSet> probeSets);
    }

    /**
     * A judge.
     *
     * @param models the store, where checkpoints are read and models are published
     * @param scorer scores the models
     * @param throwIfGivenUp called before a model is published; throws if nobody waits for the verdict
     */
    CheckpointJudge(ModelStore models, Scorer scorer, Runnable throwIfGivenUp) {
        this.models = models;
        this.scorer = scorer;
        this.throwIfGivenUp = throwIfGivenUp;
    }

    /**
     * Judges a checkpoint, given the task's history and its present probe sets.
     *
     * @throws io.millrace.evaluator.models.GoneCheckpointException if it is not in the store
     */
    Judgement judge(
            EvaluatedTask task, CheckpointAnnouncement announcement, TaskHistory history, List<ProbeSet> probeSets) {
        EvaluationConfig config = task.evaluation();
        CheckpointReference checkpoint = announcement.checkpoint();
        try (CandidateModel candidate = models.stage(checkpoint)) {
            List<ProbeScore> scores = scorer.score(candidate.directory(), task, probeSets);
            Optional<CurrentModel> current = history.current().map(model -> onSameVersions(model, task, probeSets));
            PromotionGate.Decision decision = held(history, new PromotionGate(config).decide(scores, current));
            throwIfGivenUp.run();
            PublishedModel model =
                    decision.verdict() == Verdict.PROMOTED ? candidate.publish() : unpublished(checkpoint);
            ModelUpdate update = update(decision, model, scores, current, announcement);
            CheckpointEvaluation evaluation = new CheckpointEvaluation(checkpoint, scores);
            List<DriftEvent> drift = new DriftMonitor(config.driftMargin()).events(history.series(), evaluation);
            return new Judgement(
                    Optional.of(evaluation),
                    drift,
                    update,
                    history,
                    history.after(evaluation).after(update));
        } catch (CorruptCheckpointException e) {
            LOG.warn("Rejecting {} of task {}: {}", checkpoint.id(), checkpoint.task(), e.getMessage());
            return unreadable(announcement, history, String.valueOf(e.getMessage()));
        }
    }

    /** While promotion is on hold, nothing is promoted. */
    private static PromotionGate.Decision held(TaskHistory history, PromotionGate.Decision decision) {
        Optional<ByHand.Hold> hold = history.requests().hold();
        if (hold.isEmpty() || decision.verdict() != Verdict.PROMOTED) {
            return decision;
        }
        List<String> reasons = new ArrayList<>(decision.reasons());
        reasons.add(RequestExecutor.sentence(hold.get()));
        return new PromotionGate.Decision(Verdict.REJECTED, reasons);
    }

    /** The rejection of a checkpoint that cannot be scored. */
    Judgement unreadable(CheckpointAnnouncement announcement, TaskHistory history, String reason) {
        PromotionGate.Decision decision =
                new PromotionGate.Decision(Verdict.REJECTED, List.of(LogSafe.line(reason, MAX_REASON_CHARS)));
        PublishedModel model = unpublished(announcement.checkpoint());
        ModelUpdate update = update(decision, model, List.of(), history.current(), announcement);
        return new Judgement(Optional.empty(), List.of(), update, history, history.after(update));
    }

    /** The current model with a score on each present probe set: the known score if the version is the same, else a new one. */
    private CurrentModel onSameVersions(CurrentModel current, EvaluatedTask task, List<ProbeSet> probeSets) {
        List<ProbeScore> scores = new ArrayList<>();
        List<ProbeSet> missing = new ArrayList<>();
        for (ProbeSet probeSet : probeSets) {
            current.scores().stream()
                    .filter(isOf(probeSet))
                    .findFirst()
                    .ifPresentOrElse(scores::add, () -> missing.add(probeSet));
        }
        if (!missing.isEmpty()) {
            scores.addAll(scoreAgain(current.model(), task, missing));
            scores.sort(Comparator.comparing(score -> score.probeSet().name()));
        }
        return new CurrentModel(current.model(), scores);
    }

    private List<ProbeScore> scoreAgain(PublishedModel model, EvaluatedTask task, List<ProbeSet> probeSets) {
        try {
            return scorer.score(models.locate(model), task, probeSets);
        } catch (CorruptCheckpointException e) {
            // The gate reports which probe sets it could not compare. A model that cannot be loaded blocks no
            // successor.
            LOG.warn("The current model cannot be scored on changed probe sets: {}", e.getMessage());
            return List.of();
        }
    }

    private static Predicate<ProbeScore> isOf(ProbeSet probeSet) {
        return score -> score.probeSet().name().equals(probeSet.name())
                && score.probeSet().version().equals(probeSet.reference().version());
    }

    private static PublishedModel unpublished(CheckpointReference checkpoint) {
        return new PublishedModel(checkpoint, null, null);
    }

    private static ModelUpdate update(
            PromotionGate.Decision decision,
            PublishedModel model,
            List<ProbeScore> scores,
            Optional<CurrentModel> current,
            CheckpointAnnouncement announcement) {
        return new ModelUpdate(
                decision.verdict(),
                decision.reasons(),
                model,
                scores,
                current.orElse(null),
                new Lineage(announcement.parent(), announcement.offsets()));
    }
}
