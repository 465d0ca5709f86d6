package io.millrace.evaluator;

import io.millrace.evaluator.EvidenceGatherer.Answered;
import io.millrace.evaluator.EvidenceGatherer.Gathered;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.evaluator.detail.DetailedScores;
import io.millrace.evaluator.gate.Gate;
import io.millrace.evaluator.models.CandidateModel;
import io.millrace.evaluator.models.ModelStore;
import io.millrace.evaluator.score.AskedModel;
import io.millrace.evaluator.score.Scorer;
import io.millrace.evaluator.state.DriftMonitor;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.evaluator.state.TaskHistory;
import io.millrace.schemas.Assessment;
import io.millrace.schemas.ByHand;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.FreshExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.Lineage;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.ProbeDetails;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.store.CorruptCheckpointException;
import io.millrace.schemas.text.LogSafe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Judges one checkpoint: stage, score, compare, decide, publish. Knows the store and the models, but not Kafka. */
final class CheckpointJudge {

    /** Longest reason of a rejection: the message about a broken file may quote its text. */
    private static final int MAX_REASON_CHARS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointJudge.class);

    private final ModelStore models;
    private final Scorer scorer;
    private final ChampionAnswers champions;
    private final EvidenceGatherer gatherer;
    private final Runnable throwIfGivenUp;
    private final LongSupplier nanoTime;

    /**
     * A judge.
     *
     * @param models the store, where checkpoints are read and models are published
     * @param scorer asks the models
     * @param throwIfGivenUp called before a model is published; throws if nobody waits for the verdict
     * @param nanoTime times the smoke set
     */
    CheckpointJudge(ModelStore models, Scorer scorer, Runnable throwIfGivenUp, LongSupplier nanoTime) {
        this.models = models;
        this.scorer = scorer;
        this.champions = new ChampionAnswers(models::locate, scorer);
        this.gatherer = new EvidenceGatherer(champions);
        this.throwIfGivenUp = throwIfGivenUp;
        this.nanoTime = nanoTime;
    }

    /**
     * Judges a checkpoint.
     *
     * @param task its task
     * @param announced its announcement, and when it was made
     * @param history the task's history
     * @param probeSets the task's present probe sets
     * @throws io.millrace.evaluator.models.GoneCheckpointException if it is not in the store
     */
    Judgement judge(EvaluatedTask task, Announced announced, TaskHistory history, List<ProbeSet> probeSets) {
        CheckpointReference checkpoint = announced.announcement().checkpoint();
        try (CandidateModel candidate = models.stage(checkpoint)) {
            Answered answered = ask(candidate, task, announced, probeSets);
            Gathered gathered = gatherer.gather(answered, history);
            Gate.Decision decision = Gate.decide(gathered.numbers(), answered.scores());
            throwIfGivenUp.run();
            Optional<ByHand.Hold> hold = history.requests().hold();
            boolean isPromoted = decision.assessment().promotes() && hold.isEmpty();
            PublishedModel model = unpublished(checkpoint);
            if (isPromoted) {
                model = candidate.publish();
                champions.remember(model, answered.sets());
            }
            List<String> reasons = new ArrayList<>(decision.reasons());
            hold.map(RequestExecutor::sentence).ifPresent(reasons::add);
            ModelUpdate update = new ModelUpdate(
                    isPromoted ? Verdict.PROMOTED : Verdict.REJECTED,
                    reasons,
                    model,
                    answered.scores(),
                    gathered.current().orElse(null),
                    lineage(announced.announcement()),
                    decision.assessment(),
                    gathered.numbers(),
                    null);
            CheckpointEvaluation evaluation =
                    new CheckpointEvaluation(checkpoint, answered.scores(), details(answered, gathered));
            List<DriftEvent> drift =
                    new DriftMonitor(task.evaluation().driftMargin()).events(history.series(), evaluation);
            return new Judgement(
                    Optional.of(evaluation),
                    drift,
                    update,
                    history,
                    history.after(evaluation).after(update));
        } catch (CorruptCheckpointException e) {
            LOG.warn("Rejecting {} of task {}: {}", checkpoint.id(), checkpoint.task(), e.getMessage());
            return unreadable(announced.announcement(), history, String.valueOf(e.getMessage()));
        }
    }

    private static List<ProbeDetails> details(Answered answered, Gathered gathered) {
        Optional<DetailedScores.Other> champion = gathered.current()
                .map(current ->
                        new DetailedScores.Other(current.model().checkpoint().id(), gathered.championSets()));
        return DetailedScores.of(answered.sets(), champion);
    }

    /**
     * Asks the checkpoint, which is loaded once: first a few examples, then all probes.
     *
     * @throws CorruptCheckpointException if it takes too long to load and to answer the few
     */
    private Answered ask(CandidateModel candidate, EvaluatedTask task, Announced announced, List<ProbeSet> probeSets) {
        List<LabelledExample> smoke = Stream.concat(
                        probeSets.stream().flatMap(set -> set.examples().stream()),
                        candidate.fresh().stream().map(FreshExample::example))
                .limit(EvaluationConfig.SMOKE_EXAMPLES)
                .toList();
        long start = nanoTime.getAsLong();
        try (AskedModel model = scorer.load(candidate.directory(), task)) {
            long millis = smoke.isEmpty() ? 0 : smokeMillis(start, model, task, smoke);
            return new Answered(task, announced, candidate.fresh(), model.answers(probeSets), millis);
        }
    }

    private long smokeMillis(long start, AskedModel model, EvaluatedTask task, List<LabelledExample> smoke) {
        model.right(smoke);
        long millis = (nanoTime.getAsLong() - start) / 1_000_000;
        long limit = task.evaluation().smokeTimeout().toMillis();
        if (millis > limit) {
            throw new CorruptCheckpointException("it took " + millis + " ms to load and to answer " + smoke.size()
                    + " examples, more than evaluation.smokeTimeout, " + limit + " ms");
        }
        return millis;
    }

    /** The rejection of a checkpoint that cannot be scored. */
    Judgement unreadable(CheckpointAnnouncement announcement, TaskHistory history, String reason) {
        ModelUpdate update = new ModelUpdate(
                Verdict.REJECTED,
                List.of(LogSafe.line(reason, MAX_REASON_CHARS)),
                unpublished(announcement.checkpoint()),
                List.of(),
                history.current().orElse(null),
                lineage(announcement),
                Assessment.UNREADABLE,
                null,
                null);
        return new Judgement(Optional.empty(), List.of(), update, history, history.after(update));
    }

    private static PublishedModel unpublished(CheckpointReference checkpoint) {
        return new PublishedModel(checkpoint, null, null);
    }

    private static Lineage lineage(CheckpointAnnouncement announcement) {
        return new Lineage(announcement.parent(), announcement.offsets());
    }
}
