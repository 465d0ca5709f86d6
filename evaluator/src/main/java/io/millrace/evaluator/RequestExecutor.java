package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.models.CandidateModel;
import io.millrace.evaluator.models.GoneCheckpointException;
import io.millrace.evaluator.models.ModelStore;
import io.millrace.evaluator.score.Scorer;
import io.millrace.evaluator.state.LocatedRequest;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.evaluator.state.TaskHistory;
import io.millrace.schemas.ByHand;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.CurrentModel;
import io.millrace.schemas.ModelUpdate.Lineage;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.RequestOutcome.Result;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.store.CorruptCheckpointException;
import io.millrace.schemas.text.LogSafe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Executes what somebody asks of a task's models by hand. A model becomes the champion only if its files are whole and it can be
 * scored; what the gate would say does not matter. A request that cannot be executed is refused and changes nothing.
 */
final class RequestExecutor {

    /** Longest reason of a refusal: the message about a broken file may quote its text. */
    private static final int MAX_REASON_CHARS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(RequestExecutor.class);

    private final ModelStore models;
    private final Scorer scorer;
    private final Runnable throwIfGivenUp;
    private final Past past;

    /** What the topics hold of one checkpoint. */
    interface Past {

        /** The newest announcement of a checkpoint. */
        Optional<CheckpointAnnouncement> announcement(EvaluatedTask task, String checkpoint);

        /** The newest verdict that published a checkpoint. */
        Optional<ModelUpdate> publication(EvaluatedTask task, String checkpoint);
    }

    /**
     * An executor.
     *
     * @param throwIfGivenUp called before a model is published; throws if nobody waits for the result
     */
    RequestExecutor(ModelStore models, Scorer scorer, Runnable throwIfGivenUp, Past past) {
        this.models = models;
        this.scorer = scorer;
        this.throwIfGivenUp = throwIfGivenUp;
        this.past = past;
    }

    /** Executes or refuses one request, given the task's history and its present probe sets. */
    RequestResult execute(EvaluatedTask task, LocatedRequest located, TaskHistory history, List<ProbeSet> probeSets) {
        Execution execution = new Execution(task, located.request(), history, probeSets);
        try {
            Optional<ModelUpdate> update = execution.run();
            TaskHistory after = update.map(history::after).orElse(history);
            return result(located, Result.DONE, List.of(), update, history, after);
        } catch (RefusedRequestException e) {
            String reason = LogSafe.line(String.valueOf(e.getMessage()), MAX_REASON_CHARS);
            LOG.warn(
                    "Refusing to {} for task {}, as {} asked: {}",
                    located.request().action().wireName(),
                    task.task().name(),
                    LogSafe.quoted(located.request().by()),
                    reason);
            return result(located, Result.REFUSED, List.of(reason), Optional.empty(), history, history);
        }
    }

    private static RequestResult result(
            LocatedRequest located,
            Result result,
            List<String> reasons,
            Optional<ModelUpdate> update,
            TaskHistory before,
            TaskHistory after) {
        RequestOutcome outcome = new RequestOutcome(
                located.request(),
                located.origin(),
                result,
                reasons,
                after.championId().orElse(null));
        return new RequestResult(outcome, update, before, after.after(outcome));
    }

    /** One request and all that it depends on. */
    private final class Execution {

        private final EvaluatedTask task;
        private final ModelRequest request;
        private final TaskHistory history;
        private final List<ProbeSet> probeSets;

        private Execution(EvaluatedTask task, ModelRequest request, TaskHistory history, List<ProbeSet> probeSets) {
            this.task = task;
            this.request = request;
            this.history = history;
            this.probeSets = probeSets;
        }

        /** The verdict, if the request leads to one. */
        private Optional<ModelUpdate> run() {
            requireExpectedChampion();
            return switch (request.action()) {
                case PROMOTE -> Optional.of(promote(Objects.requireNonNull(request.checkpoint(), "it was checked")));
                case ROLLBACK -> Optional.of(rollback());
                case HOLD -> hold();
                case RELEASE -> release();
            };
        }

        private void requireExpectedChampion() {
            String champion = history.championId().orElse(ModelRequest.NO_CHAMPION);
            String expected = request.expectedChampion();
            if (expected != null && !expected.equals(champion)) {
                throw new RefusedRequestException("the champion is " + named(champion) + " by now, not "
                        + named(expected) + ": it changed after this was asked for. Look at the models again.");
            }
        }

        private static String named(String champion) {
            return champion.equals(ModelRequest.NO_CHAMPION) ? "none" : champion;
        }

        private ModelUpdate promote(String id) {
            if (history.championId().equals(Optional.of(id)) && isChampionWhole()) {
                throw new RefusedRequestException(id + " is the champion already");
            }
            CheckpointAnnouncement announcement = past.announcement(task, id)
                    .orElseThrow(() -> new RefusedRequestException("no checkpoint " + id + " of task "
                            + task.task().name() + " has been announced. Look at the models again."));
            try (CandidateModel candidate = models.stage(announcement.checkpoint())) {
                List<ProbeScore> scores = scorer.score(candidate.directory(), task, probeSets);
                throwIfGivenUp.run();
                return update(
                        Verdict.PROMOTED,
                        candidate.publish(),
                        scores,
                        new Lineage(announcement.parent(), announcement.offsets()));
            } catch (GoneCheckpointException | CorruptCheckpointException e) {
                return promotePublished(id, e);
            }
        }

        private boolean isChampionWhole() {
            try {
                history.current().map(CurrentModel::model).ifPresent(models::locate);
                return true;
            } catch (CorruptCheckpointException e) {
                return false;
            }
        }

        /** The trainer deletes checkpoints; a model that was promoted before may still be there. */
        private ModelUpdate promotePublished(String id, RuntimeException unusable) {
            if (!history.kept().contains(id)) {
                throw new RefusedRequestException(
                        id + " cannot be promoted: " + unusable.getMessage() + ", and no model of it is kept",
                        unusable);
            }
            return again(Verdict.PROMOTED, id);
        }

        private ModelUpdate rollback() {
            String champion = history.championId()
                    .orElseThrow(() -> new RefusedRequestException(
                            "task " + task.task().name() + " has no champion to roll back from"));
            if (request.checkpoint() != null) {
                return rollbackTo(request.checkpoint(), champion);
            }
            List<String> unusable = new ArrayList<>();
            for (String id : history.previous()) {
                try {
                    return again(Verdict.ROLLED_BACK, id);
                } catch (RefusedRequestException e) {
                    unusable.add(String.valueOf(e.getMessage()));
                }
            }
            throw new RefusedRequestException("no model that was promoted before " + champion + " can be used"
                    + (unusable.isEmpty() ? ": none is kept" : ": " + String.join("; ", unusable)));
        }

        private ModelUpdate rollbackTo(String id, String champion) {
            if (id.equals(champion)) {
                throw new RefusedRequestException(id + " is the champion already");
            }
            if (!history.kept().contains(id)) {
                throw new RefusedRequestException(id + " is not one of the promoted models that are kept: "
                        + history.kept() + ". To make another checkpoint the champion, promote it.");
            }
            return again(Verdict.ROLLED_BACK, id);
        }

        /** Makes a published model the champion again. */
        private ModelUpdate again(Verdict verdict, String id) {
            ModelUpdate publication = past.publication(task, id)
                    .orElseThrow(() -> new RefusedRequestException("no verdict published " + id));
            try {
                List<ProbeScore> scores = scorer.score(models.locate(publication.model()), task, probeSets);
                throwIfGivenUp.run();
                return update(verdict, publication.model(), scores, publication.lineage());
            } catch (CorruptCheckpointException e) {
                throw new RefusedRequestException("the model of " + id + " cannot be used: " + e.getMessage(), e);
            }
        }

        private Optional<ModelUpdate> hold() {
            history.requests().hold().ifPresent(hold -> {
                throw new RefusedRequestException(sentence(hold));
            });
            return Optional.empty();
        }

        private Optional<ModelUpdate> release() {
            if (history.requests().hold().isEmpty()) {
                throw new RefusedRequestException("promotion is not on hold");
            }
            return Optional.empty();
        }

        private ModelUpdate update(Verdict verdict, PublishedModel model, List<ProbeScore> scores, Lineage lineage) {
            String what = verdict == Verdict.PROMOTED ? "promoted by hand" : "rolled back by hand";
            return new ModelUpdate(
                    verdict,
                    List.of(what + " by " + request.by() + ": " + request.reason()),
                    model,
                    scores,
                    history.current()
                            .map(current -> onSameVersions(current, scores))
                            .orElse(null),
                    lineage,
                    null,
                    null,
                    new ModelUpdate.Request(request.id(), request.by(), request.reason()));
        }
    }

    /** Why the gate promotes nothing. */
    static String sentence(ByHand.Hold hold) {
        return "promotion is on hold since " + hold.since() + " by " + hold.by() + ": " + hold.reason();
    }

    /** The champion with those of its known scores that can be compared with {@code scores}. */
    private static CurrentModel onSameVersions(CurrentModel champion, List<ProbeScore> scores) {
        return new CurrentModel(
                champion.model(),
                champion.scores().stream()
                        .filter(known -> scores.stream()
                                .anyMatch(score -> score.probeSet().equals(known.probeSet())))
                        .toList());
    }
}
