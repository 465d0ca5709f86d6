package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.GradMode;
import io.millrace.encoder.InputGradient;
import io.millrace.encoder.TextBatch;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the terms of one step read. The clean pass is made when a term first asks for it, and shared.
 *
 * <p>Within a step: n tokens, b examples, c classes, h width.
 */
public final class StepContext {

    private final NDManager scope;
    private final Passes passes;
    private final Examples examples;
    private final StepRandom random;
    private NDArray cleanWords;
    private NDArray cleanLogits;

    /**
     * The passes of a step.
     *
     * @param current the model that is trained, with dropout
     * @param reference the reference model without dropout, if the objective has a proximal term
     * @param inputGradient gradient with respect to an input alone
     */
    public record Passes(ForwardPass current, Optional<ForwardPass> reference, InputGradient inputGradient) {}

    /**
     * The examples of a step.
     *
     * @param batch their tokens
     * @param labels class indices, shape [b], int64
     * @param weights factors in the task loss, shape [b], or empty for all 1
     * @param maskId id of the masked token, if the tokenizer has one
     */
    public record Examples(TextBatch batch, NDArray labels, Optional<NDArray> weights, OptionalInt maskId) {}

    public StepContext(NDManager scope, Passes passes, Examples examples, StepRandom random) {
        this.scope = scope;
        this.passes = passes;
        this.examples = examples;
        this.random = random;
    }

    NDManager scope() {
        return scope;
    }

    ForwardPass pass() {
        return passes.current();
    }

    InputGradient inputGradient() {
        return passes.inputGradient();
    }

    TextBatch batch() {
        return examples.batch();
    }

    Examples examples() {
        return examples;
    }

    StepRandom random() {
        return random;
    }

    /** Word embeddings of the clean text, with their graph. Shape [n, h]. */
    NDArray cleanWords() {
        if (cleanWords == null) {
            cleanWords = pass().wordEmbeddings(batch());
        }
        return cleanWords;
    }

    /** Class logits on the clean text, with their graph. Shape [b, c]. */
    NDArray cleanLogits() {
        if (cleanLogits == null) {
            cleanLogits = pass().classLogits(batch(), pass().hidden(batch(), cleanWords()));
        }
        return cleanLogits;
    }

    /** Class logits of the reference model on the clean text: a constant. Shape [b, c]. */
    NDArray referenceLogits() {
        ForwardPass reference = passes.reference()
                .orElseThrow(
                        () -> new IllegalStateException("the objective has a proximal term, but no reference model"));
        try (GradMode off = GradMode.off()) {
            return reference.classLogits(batch());
        }
    }
}
