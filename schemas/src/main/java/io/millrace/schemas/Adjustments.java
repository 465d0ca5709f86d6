package io.millrace.schemas;

import org.jspecify.annotations.Nullable;

/**
 * What the trainer's policy has changed of a task's configured training. It is constant between two checkpoints.
 *
 * @param learningRateFactor factor of the scheduled learning rate, above 0
 * @param lambdaFactor factor of the weights of all terms of the objective but the task's, above 0
 * @param replayShare share of a step's labelled examples that are replayed, in place of the configured one; absent if as configured
 */
public record Adjustments(double learningRateFactor, double lambdaFactor, @Nullable Double replayShare) {

    /** Training as it is configured. */
    public static final Adjustments NONE = new Adjustments(1, 1, null);

    public Adjustments {
        Required.finite("Adjustments.learningRateFactor", learningRateFactor);
        Required.finite("Adjustments.lambdaFactor", lambdaFactor);
        Required.finiteIfPresent("Adjustments.replayShare", replayShare);
    }

    /** Whether training is as configured. */
    public boolean changesNothing() {
        return equals(NONE);
    }

    /** Both at once: the product of the factors, and the larger share. */
    public Adjustments and(Adjustments other) {
        Double share = replayShare == null || (other.replayShare != null && other.replayShare > replayShare)
                ? other.replayShare
                : replayShare;
        return new Adjustments(learningRateFactor * other.learningRateFactor, lambdaFactor * other.lambdaFactor, share);
    }
}
