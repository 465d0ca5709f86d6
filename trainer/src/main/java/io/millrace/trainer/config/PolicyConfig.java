package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

/**
 * How training answers verdicts and drift. Every answer to a verdict makes the scores of its probe sets a little too good, because
 * training then depends on them; the trainer counts the answers.
 *
 * @param onRejection the answer to rejections; default continue
 * @param onDrift the answer to drift of test-then-train accuracy; default continue
 * @param after how many rejections in a row are answered, and least number of checkpoints between a return to the champion because of
 *     drift and the change before it; default 3
 * @param factor factor of the learning rate; lambda and the replay share are divided by it; default 0.5
 * @param smallestFactor smallest factor of the learning rate; default 0.125
 * @param largestFactor largest factor of lambda; default 8
 * @param largestReplayShare largest share of replayed examples; default 0.75
 * @param reuseBudget number of answers to verdicts on one version of a probe set from which on the trainer warns; default 10
 */
public record PolicyConfig(
        Response onRejection,
        Response onDrift,
        Integer after,
        Double factor,
        Double smallestFactor,
        Double largestFactor,
        Double largestReplayShare,
        Integer reuseBudget) {

    private static final PolicyConfig DEFAULTS =
            new PolicyConfig(Response.CONTINUE, Response.CONTINUE, 3, 0.5, 0.125, 8.0, 0.75, 10);

    public PolicyConfig {
        onRejection = onRejection == null ? DEFAULTS.onRejection : onRejection;
        onDrift = onDrift == null ? DEFAULTS.onDrift : onDrift;
        after = after == null ? DEFAULTS.after : after;
        factor = factor == null ? DEFAULTS.factor : factor;
        smallestFactor = smallestFactor == null ? DEFAULTS.smallestFactor : smallestFactor;
        largestFactor = largestFactor == null ? DEFAULTS.largestFactor : largestFactor;
        largestReplayShare = largestReplayShare == null ? DEFAULTS.largestReplayShare : largestReplayShare;
        reuseBudget = reuseBudget == null ? DEFAULTS.reuseBudget : reuseBudget;
        require(after >= 1, "policy.after", "at least 1", after);
        require(factor > 0 && factor < 1, "policy.factor", "in (0, 1)", factor);
        require(smallestFactor > 0 && smallestFactor < 1, "policy.smallestFactor", "in (0, 1)", smallestFactor);
        require(
                largestFactor > 1 && Double.isFinite(largestFactor),
                "policy.largestFactor",
                "a finite number above 1",
                largestFactor);
        require(
                largestReplayShare > 0 && largestReplayShare <= 0.9,
                "policy.largestReplayShare",
                "in (0, 0.9]",
                largestReplayShare);
        require(reuseBudget >= 1, "policy.reuseBudget", "at least 1", reuseBudget);
    }

    /** The defaults: training continues. */
    static PolicyConfig defaults() {
        return DEFAULTS;
    }

    /** Whether anything is answered at all. */
    public boolean isActive() {
        return onRejection != Response.CONTINUE || onDrift != Response.CONTINUE;
    }

    /**
     * Refuses answers that the rest of the configuration leaves no room for.
     *
     * @param hasRobustTerms whether the objective has a weighted term beside the task's
     */
    void requireFits(boolean hasRobustTerms, ReplayConfig replay, CheckpointConfig checkpoints) {
        requireFits("policy.onRejection", onRejection, hasRobustTerms, replay, checkpoints);
        requireFits("policy.onDrift", onDrift, hasRobustTerms, replay, checkpoints);
    }

    private void requireFits(
            String key, Response response, boolean hasRobustTerms, ReplayConfig replay, CheckpointConfig checkpoints) {
        require(
                response != Response.RAISE_LAMBDA || hasRobustTerms,
                key,
                "another answer where the objective has no term with a weight beside the task's",
                "raise-lambda");
        require(
                response != Response.RAISE_REPLAY || replay.share() > 0,
                key,
                "another answer where replay.share is 0",
                "raise-replay");
        require(
                response != Response.RAISE_REPLAY || replay.share() < largestReplayShare,
                "policy.largestReplayShare",
                "above replay.share, which is " + replay.share(),
                largestReplayShare);
        require(
                response != Response.RETURN_TO_CHAMPION || checkpoints.keep() >= after + 2,
                "checkpoints.keep",
                "at least " + (after + 2) + " for return-to-champion with policy.after " + after
                        + ", so that the champion is still in the store",
                checkpoints.keep());
    }
}
