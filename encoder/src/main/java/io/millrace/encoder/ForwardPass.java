package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/**
 * The passes of one model within one step: its weights are brought into the compute type once, and every pass reads those.
 * Results belong to the step's manager. Gradients are recorded as {@link GradMode} says at the time of each call.
 */
public final class ForwardPass {

    private final TorchScriptModule kernels;
    private final NDManager scope;
    private final DropoutMasks dropout;
    private final NDList prepared;

    ForwardPass(TorchScriptModule kernels, NDManager scope, Weights weights, DropoutMasks dropout) {
        this.kernels = kernels;
        this.scope = scope;
        this.dropout = dropout;
        this.prepared = kernels.call(scope, "prepare", weights.inKernelOrder());
    }

    private ForwardPass(TorchScriptModule kernels, NDManager scope, DropoutMasks dropout, NDList prepared) {
        this.kernels = kernels;
        this.scope = scope;
        this.dropout = dropout;
        this.prepared = prepared;
    }

    /** The same passes with their results under a shorter-lived manager. */
    ForwardPass within(NDManager shorter) {
        return new ForwardPass(kernels, shorter, dropout, prepared);
    }

    /** Word embeddings, before positions, types and norm: what SMART perturbs. Shape [tokens, width]. */
    public NDArray wordEmbeddings(TextBatch batch) {
        return kernels.call(scope, "words", prepared, batch.ids()).get(0);
    }

    /** Representations of the last layer from word embeddings. Shape [tokens, width]. */
    public NDArray hidden(TextBatch batch, NDArray wordEmbeddings) {
        TextBatch.Layout at = batch.layout();
        DropoutMasks.Masks keep = dropout.draw(scope, batch.tokens(), at.mask().getShape());
        return kernels.call(
                        scope,
                        "hidden",
                        prepared,
                        wordEmbeddings,
                        at.types(),
                        at.positions(),
                        at.slots(),
                        at.mask(),
                        keep.hidden(),
                        keep.attention())
                .get(0);
    }

    /** Class logits. Shape [examples, labels], 32-bit. */
    public NDArray classLogits(TextBatch batch, NDArray hidden) {
        return kernels.call(
                        scope, "class_logits", prepared, hidden, batch.layout().starts())
                .get(0);
    }

    /** Class logits of a batch as it stands. Shape [examples, labels], 32-bit. */
    public NDArray classLogits(TextBatch batch) {
        return classLogits(batch, hidden(batch, wordEmbeddings(batch)));
    }

    /**
     * Vocabulary logits of the masked-token head.
     *
     * @param at indices of tokens in the packed batch, shape [m]
     * @return shape [m, vocabulary], 32-bit
     */
    public NDArray tokenLogits(NDArray hidden, NDArray at) {
        return kernels.call(scope, "token_logits", prepared, hidden, at).get(0);
    }
}
