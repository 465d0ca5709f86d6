package io.millrace.trainer.objective.masking;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.TextBatch;
import io.millrace.trainer.objective.StepContext;

import java.util.Optional;
import java.util.random.RandomGenerator;

/** Which tokens of a batch are masked, and what their targets are. */
@FunctionalInterface
public interface MaskingPolicy {

    /**
     * Selects tokens: never a special one, and at least one per example unless none can be masked.
     *
     * @param encoder how masked-token prediction encodes a batch
     */
    Selection select(StepContext step, TextBatch batch, MaskedEncoding encoder, RandomGenerator random);

    /**
     * The selected tokens.
     *
     * @param masked one flag per token of the packed batch
     * @param smoothing label smoothing of the targets, if there is any
     */
    record Selection(boolean[] masked, Optional<Smoothing> smoothing) {}

    /**
     * Token-specific label smoothing: the target of masked token i is {@code (1 - share) * onehot(x_i) + share * r_i}.
     *
     * @param share of the distribution in the target
     * @param distributions r, a constant, shape [m, v]
     */
    record Smoothing(double share, NDArray distributions) {}
}
