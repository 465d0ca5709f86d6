package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.TextBatch;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A mini-batch as tensors. With b examples:
 *
 * @param labelled the labelled examples, new ones first; empty in pre-training
 * @param unlabelled the unlabelled texts, if the step has any
 * @param maskId id of the mask token, if the tokenizer has one
 */
public record CollatedBatch(Optional<Labelled> labelled, Optional<TextBatch> unlabelled, OptionalInt maskId) {

    /**
     * Labelled examples.
     *
     * @param texts their tokens
     * @param targets class indices, shape [b], int64; for a regression numbers, shape [b], float32
     * @param weights factors in the task loss, shape [b], or empty for all 1
     * @param isRegression whether the model gives scores, shape [b, 1], and not class logits, shape [b, c]
     */
    public record Labelled(TextBatch texts, NDArray targets, Optional<NDArray> weights, boolean isRegression) {}

    /** All texts, the labelled ones first. */
    public List<TextBatch> packed() {
        return Stream.concat(labelled.map(Labelled::texts).stream(), unlabelled.stream())
                .toList();
    }

    /** Number of tokens in all. */
    public int tokens() {
        return labelled.map(examples -> examples.texts().tokens()).orElse(0)
                + unlabelled.map(TextBatch::tokens).orElse(0);
    }
}
