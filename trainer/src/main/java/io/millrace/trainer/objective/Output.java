package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;

import java.util.Optional;

/** What a model gives, and with it how far it is from a target and two of its outputs from each other. */
public enum Output {
    /** Logits of classes, shape [b, c]; targets are class indices, shape [b], int64. */
    CLASSES {
        @Override
        NDArray taskLoss(NDArray logits, NDArray targets, Optional<NDArray> weights) {
            return Divergences.crossEntropy(logits, targets, weights);
        }

        @Override
        NDArray divergence(NDArray p, NDArray q) {
            return Divergences.symmetricKl(p, q);
        }
    },
    /** One number an example, shape [b, 1]; targets are numbers, shape [b], float32. */
    SCORE {
        @Override
        NDArray taskLoss(NDArray scores, NDArray targets, Optional<NDArray> weights) {
            return Divergences.squaredError(scores, targets, weights);
        }

        @Override
        NDArray divergence(NDArray p, NDArray q) {
            return Divergences.squaredDistance(p, q);
        }
    };

    /**
     * The task loss, a scalar.
     *
     * @param weights factors of the examples, shape [b], or empty for all 1
     */
    abstract NDArray taskLoss(NDArray output, NDArray targets, Optional<NDArray> weights);

    /** The divergence of SMART between two outputs, a scalar; its gradient goes through both. */
    abstract NDArray divergence(NDArray p, NDArray q);
}
