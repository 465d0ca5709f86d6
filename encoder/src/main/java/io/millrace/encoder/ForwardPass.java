package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.TorchScriptModule;

import java.util.List;

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

    /** Word embeddings, before positions, types and norm; SMART perturbs these. Shape [tokens, width]. */
    public NDArray wordEmbeddings(TextBatch batch) {
        return kernels.call(scope, "words", prepared, batch.ids()).get(0);
    }

    /** These passes without dropout, on the same weights; the kernels are those of another dropout. */
    ForwardPass with(TorchScriptModule otherKernels, DropoutMasks otherDropout) {
        return new ForwardPass(otherKernels, scope, otherDropout, prepared);
    }

    /** The same passes, but no gradient reaches the word embeddings, which are the masked-token head's decoder too. */
    public ForwardPass withConstantWords() {
        NDList constant = new NDList(prepared);
        constant.set(0, prepared.get(0).stopGradient());
        return new ForwardPass(kernels, scope, dropout, constant);
    }

    /** Representations of the last layer from word embeddings. Shape [tokens, width]. */
    public NDArray hidden(TextBatch batch, NDArray wordEmbeddings) {
        return call("hidden", batch, wordEmbeddings).get(0);
    }

    /** Representations of an unmasked batch: of the embeddings, then of every layer. Each of shape [tokens, width]. */
    public List<NDArray> hiddenStates(TextBatch batch) {
        return call("states", batch, wordEmbeddings(batch));
    }

    private NDList call(String method, TextBatch batch, NDArray wordEmbeddings) {
        TextBatch.Layout at = batch.layout();
        DropoutMasks.Masks keep = dropout.draw(scope, batch.tokens(), at.mask().getShape());
        return kernels.call(
                scope,
                method,
                prepared,
                wordEmbeddings,
                at.types(),
                at.positions(),
                at.slots(),
                at.mask(),
                keep.hidden(),
                keep.attention());
    }

    /**
     * Runs the decoder of a masked autoencoder.
     *
     * @param batch all tokens, the masked ones among them
     * @param kept indices in {@code batch} of the tokens that the encoder has seen, shape [n - m]
     * @param hidden their representations, shape [n - m, width]
     * @param masked indices of the others, shape [m]
     * @param maskId id of the token whose embedding is used at each of the others
     * @return shape [n, width]
     */
    public NDArray decode(
            ShallowDecoder decoder, TextBatch batch, NDArray kept, NDArray hidden, NDArray masked, int maskId) {
        TextBatch.Layout at = batch.layout();
        return kernels.call(
                        scope,
                        "decode",
                        prepared,
                        kernels.call(scope, "prepare_decoder", decoder.inKernelOrder()),
                        hidden,
                        kept,
                        masked,
                        scope.create(new long[] {maskId}),
                        at.positions(),
                        at.slots(),
                        at.mask(),
                        DropoutMasks.none(scope))
                .get(0);
    }

    /** Class logits. Shape [examples, labels], 32-bit. */
    public NDArray classLogits(TextBatch batch, NDArray hidden) {
        return kernels.call(
                        scope, "class_logits", prepared, hidden, batch.layout().starts())
                .get(0);
    }

    /** Class logits of an unmasked batch. Shape [examples, labels], 32-bit. */
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
