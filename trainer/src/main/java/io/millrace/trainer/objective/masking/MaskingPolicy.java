package io.millrace.trainer.objective.masking;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.TextBatch;
import io.millrace.trainer.objective.StepContext;

import java.util.Optional;
import java.util.random.RandomGenerator;

/** Which tokens of a batch are masked, and towards what each is predicted. */
@FunctionalInterface
public interface MaskingPolicy {

    /**
     * Selects tokens: never a special one, at least one an example unless it has none that can be masked.
     *
     * @param encoder how the masked-token head comes to what it reads
     */
    Selection select(StepContext step, TextBatch batch, MaskedEncoding encoder, RandomGenerator random);

    /**
     * What was selected.
     *
     * @param masked one flag a token of the packed batch
     * @param smoothing what smooths the targets, if anything does
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
