package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.InputGradient;
import io.millrace.encoder.ShallowDecoder;
import io.millrace.encoder.TextBatch;
import io.millrace.encoder.torchscript.GradMode;

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
    private final Batches batches;
    private final StepRandom random;
    private NDArray cleanWords;
    private NDArray cleanLogits;

    /**
     * The passes of a step.
     *
     * @param current the model that is trained, with dropout
     * @param withoutDropout the same weights without
     * @param reference the reference model without dropout, if the objective has a proximal term
     * @param decoder the decoder of a masked autoencoder, if the objective has one
     * @param inputGradient gradient with respect to an input alone
     */
    public record Passes(
            ForwardPass current,
            ForwardPass withoutDropout,
            Optional<ForwardPass> reference,
            Optional<ShallowDecoder> decoder,
            InputGradient inputGradient) {}

    /**
     * The batches of a step.
     *
     * @param examples labelled examples; empty in pre-training
     * @param texts unlabelled texts, if the step has any
     * @param maskId id of the masked token, if the tokenizer has one
     */
    public record Batches(Optional<Examples> examples, Optional<TextBatch> texts, OptionalInt maskId) {}

    /**
     * The labelled examples of a step.
     *
     * @param batch their tokens
     * @param targets class indices, shape [b], int64, or numbers, shape [b], float32
     * @param weights factors in the task loss, shape [b], or empty for all 1
     * @param output what the model gives for them
     */
    public record Examples(TextBatch batch, NDArray targets, Optional<NDArray> weights, Output output) {}

    public StepContext(NDManager scope, Passes passes, Batches batches, StepRandom random) {
        this.scope = scope;
        this.passes = passes;
        this.batches = batches;
        this.random = random;
    }

    public NDManager scope() {
        return scope;
    }

    public ForwardPass pass() {
        return passes.current();
    }

    public ForwardPass withoutDropout() {
        return passes.withoutDropout();
    }

    public ShallowDecoder decoder() {
        return passes.decoder()
                .orElseThrow(
                        () -> new IllegalStateException("the objective excludes masked tokens, but has no decoder"));
    }

    InputGradient inputGradient() {
        return passes.inputGradient();
    }

    public TextBatch batch() {
        return examples().batch();
    }

    Examples examples() {
        return batches.examples()
                .orElseThrow(
                        () -> new IllegalStateException("the objective has a task term, but the step no examples"));
    }

    Optional<TextBatch> texts() {
        return batches.texts();
    }

    public int maskId() {
        return batches.maskId()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "masked-token prediction needs a [MASK] or <mask> token, but the tokenizer has none. Use method plain or smart."));
    }

    public StepRandom random() {
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

    /** The task loss of {@code output} on the examples of the step. A scalar. */
    NDArray taskLoss(NDArray output) {
        return examples()
                .output()
                .taskLoss(output, examples().targets(), examples().weights());
    }

    /** The divergence between two outputs on the examples of the step. A scalar. */
    NDArray divergence(NDArray p, NDArray q) {
        return examples().output().divergence(p, q);
    }
}
