package io.millrace.trainer.policy;

import io.millrace.schemas.Adjustments;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.FallBelowBest;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.PolicyState;
import io.millrace.schemas.Reaction;
import io.millrace.schemas.Reaction.Action;
import io.millrace.schemas.Reaction.Cause;
import io.millrace.trainer.config.PolicyConfig;
import io.millrace.trainer.config.ReplayConfig;
import io.millrace.trainer.config.Response;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a task answers verdicts and drift: a function of the state of the parent checkpoint and what was observed since. Adjustments that
 * verdicts have brought end with a promotion of a checkpoint trained under them; those that drift has brought end with the drift. The
 * two are kept apart, and act together.
 */
final class Policy {

    private final PolicyConfig config;
    private final ReplayConfig replay;

    /** The policy of a task whose replay is configured like this. */
    Policy(PolicyConfig config, ReplayConfig replay) {
        this.config = config;
        this.replay = replay;
    }

    /**
     * What was observed since the parent checkpoint.
     *
     * @param rejections the counted rejections in a row, oldest first
     * @param promotion the newest promotion of a checkpoint trained since the newest change
     * @param drift the newest phase of drift that was reported
     */
    record Observed(List<ModelUpdate> rejections, Optional<ModelUpdate> promotion, Optional<DriftPhase> drift) {}

    /**
     * What follows from it.
     *
     * @param state the state after the checkpoint that is about to be written
     * @param reactions changes of training from that checkpoint on
     * @param returning the return to the champion that is due once it is written
     */
    record Decision(PolicyState state, List<Reaction> reactions, Optional<Reaction> returning) {}

    /** The state to resume from: what a cause has brought that the configuration no longer answers is over. */
    PolicyState resumed(PolicyState recorded) {
        Adjustments afterRejections =
                config.onRejection() == Response.CONTINUE ? Adjustments.NONE : possible(recorded.afterRejections());
        Adjustments afterDrift =
                config.onDrift() == Response.CONTINUE ? Adjustments.NONE : possible(recorded.afterDrift());
        return new PolicyState(
                afterRejections, afterDrift, recorded.checkpoints(), recorded.driftCheckpoints(), recorded.verdicts());
    }

    /** Without a share of replayed examples where none are kept any more. */
    private Adjustments possible(Adjustments recorded) {
        return replay.share() > 0
                ? recorded
                : new Adjustments(recorded.learningRateFactor(), recorded.lambdaFactor(), null);
    }

    /** Decides, when a checkpoint is about to be written. */
    Decision decide(PolicyState parent, Observed seen, ProbeReuseCounts reuse) {
        List<Reaction> reactions = new ArrayList<>();
        PolicyState state = parent.afterCheckpoint();
        state = answerVerdicts(state, seen, reuse, reactions);
        state = answerDrift(state, seen, reactions);
        return new Decision(state, List.copyOf(reactions), returning(parent.afterCheckpoint(), state, seen, reuse));
    }

    private PolicyState answerVerdicts(
            PolicyState state, Observed seen, ProbeReuseCounts reuse, List<Reaction> reactions) {
        Adjustments now = state.afterRejections();
        if (seen.promotion().isPresent() && !now.changesNothing()) {
            PolicyState next = state.withAfterRejections(Adjustments.NONE);
            reactions.add(toVerdict(
                    Cause.PROMOTION, Action.RESET, state, next, seen.promotion().get(), reuse));
            return next;
        }
        Adjustments stronger = isRejected(seen) ? stronger(config.onRejection(), now) : now;
        if (stronger.equals(now)) {
            return state;
        }
        PolicyState next = state.withAfterRejections(stronger);
        reactions.add(toVerdict(
                Cause.REJECTION, action(config.onRejection()), state, next, newest(seen.rejections()), reuse));
        return next;
    }

    private PolicyState answerDrift(PolicyState state, Observed seen, List<Reaction> reactions) {
        Adjustments now = state.afterDrift();
        Optional<DriftPhase> phase = seen.drift();
        // No drift lasts longer. A restarted trainer does not learn of the end of one that was open before.
        boolean over =
                phase.equals(Optional.of(DriftPhase.RECOVERED)) || state.driftCheckpoints() >= FallBelowBest.LONGEST;
        if (over && !now.changesNothing()) {
            PolicyState next = state.withAfterDrift(Adjustments.NONE);
            reactions.add(toDrift(Cause.RECOVERY, Action.RESET, state, next));
            return next;
        }
        boolean starts = phase.equals(Optional.of(DriftPhase.STARTED)) && now.changesNothing();
        Adjustments stronger = starts ? stronger(config.onDrift(), now) : now;
        if (stronger.equals(now)) {
            return state;
        }
        PolicyState next = state.withAfterDrift(stronger);
        reactions.add(toDrift(Cause.DRIFT, action(config.onDrift()), state, next));
        return next;
    }

    /** A return changes no adjustment. {@code counted} says how long ago the newest change was, {@code state} what it would be under. */
    private Optional<Reaction> returning(
            PolicyState counted, PolicyState state, Observed seen, ProbeReuseCounts reuse) {
        if (config.onRejection() == Response.RETURN_TO_CHAMPION && isRejected(seen)) {
            return Optional.of(toVerdict(
                    Cause.REJECTION, Action.RETURN_TO_CHAMPION, state, state, newest(seen.rejections()), reuse));
        }
        boolean drifts =
                seen.drift().equals(Optional.of(DriftPhase.STARTED)) && counted.checkpoints() >= config.after();
        return config.onDrift() == Response.RETURN_TO_CHAMPION && drifts
                ? Optional.of(toDrift(Cause.DRIFT, Action.RETURN_TO_CHAMPION, state, state))
                : Optional.empty();
    }

    /** Whether so many were rejected in a row that it is answered. */
    boolean isRejected(Observed seen) {
        return config.onRejection() != Response.CONTINUE && seen.rejections().size() >= config.after();
    }

    private static ModelUpdate newest(List<ModelUpdate> verdicts) {
        return verdicts.get(verdicts.size() - 1);
    }

    /** One step of an answer, within its bounds. What is beyond them because they have changed stays as it is. */
    private Adjustments stronger(Response response, Adjustments now) {
        double rate = now.learningRateFactor();
        double lambda = now.lambdaFactor();
        double share = now.replayShare() == null ? replay.share() : now.replayShare();
        return switch (response) {
            case CONTINUE, RETURN_TO_CHAMPION -> now;
            case LOWER_LEARNING_RATE -> new Adjustments(
                    Math.min(rate, Math.max(config.smallestFactor(), rate * config.factor())),
                    lambda,
                    now.replayShare());
            case RAISE_LAMBDA -> new Adjustments(
                    rate,
                    Math.max(lambda, Math.min(config.largestFactor(), lambda / config.factor())),
                    now.replayShare());
            case RAISE_REPLAY -> new Adjustments(
                    rate, lambda, Math.max(share, Math.min(config.largestReplayShare(), share / config.factor())));
        };
    }

    private static Action action(Response response) {
        return switch (response) {
            case CONTINUE -> throw new IllegalArgumentException("continue changes nothing, and is no reaction");
            case LOWER_LEARNING_RATE -> Action.LOWER_LEARNING_RATE;
            case RAISE_LAMBDA -> Action.RAISE_LAMBDA;
            case RAISE_REPLAY -> Action.RAISE_REPLAY;
            case RETURN_TO_CHAMPION -> Action.RETURN_TO_CHAMPION;
        };
    }

    private static Reaction toVerdict(
            Cause cause,
            Action action,
            PolicyState before,
            PolicyState after,
            ModelUpdate verdict,
            ProbeReuseCounts reuse) {
        return new Reaction(
                cause,
                action,
                before.next(),
                after.next(),
                verdict.model().checkpoint().id(),
                reuse.after(verdict));
    }

    private static Reaction toDrift(Cause cause, Action action, PolicyState before, PolicyState after) {
        return new Reaction(cause, action, before.next(), after.next(), null, List.of());
    }
}
