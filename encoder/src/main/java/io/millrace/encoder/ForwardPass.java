package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.TorchScriptModule;

import java.util.List;
import java.util.Optional;

/**
 * The passes of one model within one step: its weights are brought into the compute type once, and every pass reads those.
 * Results belong to the step's manager. Gradients are recorded as {@link GradMode} says at the time of each call.
 */
public final class ForwardPass {

    private final TorchScriptModule kernels;
    private final NDManager scope;
    private final DropoutMasks dropout;
    private final NDList prepared;
    private final Optional<WordRows.Read> rows;

    /**
     * Passes on {@code weights}.
     *
     * @param rows the rows that take the place of the word embedding, if the passes are to read no others
     */
    ForwardPass(
            TorchScriptModule kernels,
            NDManager scope,
            Weights weights,
            DropoutMasks dropout,
            Optional<WordRows.Read> rows) {
        this(kernels, scope, dropout, kernels.call(scope, "prepare", inKernelOrder(weights, rows)), rows);
    }

    private ForwardPass(
            TorchScriptModule kernels,
            NDManager scope,
            DropoutMasks dropout,
            NDList prepared,
            Optional<WordRows.Read> rows) {
        this.kernels = kernels;
        this.scope = scope;
        this.dropout = dropout;
        this.prepared = prepared;
        this.rows = rows;
    }

    private static NDList inKernelOrder(Weights weights, Optional<WordRows.Read> rows) {
        NDList inOrder = weights.inKernelOrder();
        rows.ifPresent(read -> inOrder.set(0, read.leaf()));
        return inOrder;
    }

    /** The same passes with their results under a shorter-lived manager. */
    ForwardPass within(NDManager shorter) {
        return new ForwardPass(kernels, shorter, dropout, prepared, rows);
    }

    /** Word embeddings, before positions, types and norm; SMART perturbs these. Shape [tokens, width]. */
    public NDArray wordEmbeddings(TextBatch batch) {
        NDArray at = rows.map(read -> read.places(scope, batch)).orElseGet(batch::ids);
        return kernels.call(scope, "words", prepared, at).get(0);
    }

    /** These passes without dropout, on the same weights; the kernels are those of another dropout. */
    ForwardPass with(TorchScriptModule otherKernels, DropoutMasks otherDropout) {
        return new ForwardPass(otherKernels, scope, otherDropout, prepared, rows);
    }

    /** The same passes, but no gradient reaches the word embeddings, which are the masked-token head's decoder too. */
    public ForwardPass withConstantWords() {
        NDList constant = new NDList(prepared);
        constant.set(0, prepared.get(0).stopGradient());
        return new ForwardPass(kernels, scope, dropout, constant, rows);
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
        requireWholeEmbedding();
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
        requireWholeEmbedding();
        return kernels.call(scope, "token_logits", prepared, hidden, at).get(0);
    }

    private void requireWholeEmbedding() {
        if (rows.isPresent()) {
            throw new IllegalStateException(
                    "masked-token prediction reads the whole word embedding, but these passes have"
                            + " only the rows of their batch. Train without WordRows.");
        }
    }
}
