package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.encoder.config.Blocks;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.TorchScriptModule;

import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The passes of one thread within one step, on weights that are brought into the compute type once.
 * Results belong to the manager that the passes began with. Gradients are recorded as {@link GradMode} says at the time of each call.
 *
 * <p>In a layer of BERT's form the last one is computed for those tokens alone that somebody reads: the first of each example for class
 * scores, the masked ones for masked-token prediction.
 */
public final class ForwardPass {

    private final TorchScriptModule kernels;
    private final NDManager scope;
    private final DropoutMasks dropout;
    private final StepWeights.View weights;
    private final Of of;
    private final boolean hasConstantWords;
    private final Lookups lookups;

    /**
     * What the passes of an encoder have in common.
     *
     * @param blocks what its layers compute
     * @param uploads how arrays come to its device
     * @param adapters those that they read
     */
    record Of(Blocks blocks, Uploads uploads, Adaptation adapters) {

        private Of withoutAdapters() {
            return new Of(blocks, uploads, Adaptation.NONE);
        }
    }

    /** The words that were looked up with a gradient: which, and what was found. */
    private record Lookups(NDList ids, NDList found) {}

    /** Passes on {@code weights}. */
    ForwardPass(TorchScriptModule kernels, NDManager scope, DropoutMasks dropout, StepWeights.View weights, Of of) {
        this(kernels, scope, dropout, weights, of, false, new Lookups(new NDList(), new NDList()));
    }

    private ForwardPass(
            TorchScriptModule kernels,
            NDManager scope,
            DropoutMasks dropout,
            StepWeights.View weights,
            Of of,
            boolean hasConstantWords,
            Lookups lookups) {
        this.kernels = kernels;
        this.scope = scope;
        this.dropout = dropout;
        this.weights = weights;
        this.of = of;
        this.hasConstantWords = hasConstantWords;
        this.lookups = lookups;
    }

    /** The same passes with their results under a shorter-lived manager. */
    ForwardPass within(NDManager shorter) {
        return new ForwardPass(kernels, shorter, dropout, weights, of, hasConstantWords, lookups);
    }

    /** These passes without dropout, on the same weights; the kernels are those of another dropout. */
    ForwardPass with(TorchScriptModule otherKernels, DropoutMasks otherDropout) {
        return new ForwardPass(
                otherKernels, scope, otherDropout, weights, of.withoutAdapters(), hasConstantWords, lookups);
    }

    /** The same passes, but no gradient reaches the word embeddings, which are the masked-token head's decoder too. */
    public ForwardPass withConstantWords() {
        return new ForwardPass(kernels, scope, dropout, weights, of, true, lookups);
    }

    /** Word embeddings, before positions, types and norm; SMART perturbs these. Shape [tokens, width]. */
    public NDArray wordEmbeddings(TextBatch batch) {
        return weights.rows()
                .map(rows -> words(rows.slots(scope, batch), rows.places(scope, batch)))
                .orElseGet(() -> words(batch.ids(), batch.ids()));
    }

    private NDArray words(NDArray rows, NDArray ids) {
        NDArray found = kernels.call(scope, "words", weights.table(), rows).get(0);
        if (weights.trainsWords() && !hasConstantWords && JniUtils.isGradMode()) {
            found.setRequiresGradient(true);
            lookups.ids.add(ids);
            lookups.found.add(found);
        }
        return found;
    }

    /** Representations of the last layer from word embeddings. Shape [tokens, width]. */
    public NDArray hidden(TextBatch batch, NDArray wordEmbeddings) {
        return hidden(batch, wordEmbeddings, batch.all());
    }

    /** Representations of the last layer of the tokens {@code read}, m of them. Shape [m, width]. */
    public NDArray hidden(TextBatch batch, NDArray wordEmbeddings, TextBatch.Tokens read) {
        return of.blocks.readsSome()
                ? call("hidden", batch, wordEmbeddings, read).get(0)
                : kernels.call(
                                scope,
                                "rows",
                                call("hidden", batch, wordEmbeddings, batch.all())
                                        .get(0),
                                read.at())
                        .get(0);
    }

    /** Representations of an unmasked batch: of the embeddings, then of every layer. Each of shape [tokens, width]. */
    public NDList hiddenStates(TextBatch batch) {
        return call("states", batch, wordEmbeddings(batch), batch.all());
    }

    private NDList call(String method, TextBatch batch, NDArray wordEmbeddings, TextBatch.Tokens read) {
        TextBatch.Layout at = batch.layout();
        DropoutMasks.Masks keep = dropout.draw(scope, DropoutMasks.Sizes.of(batch, read));
        // The matrices of queries and keys multiply embedded distances, too.
        NDArray keepAdapters = dropout.drawAdapters(
                scope, batch.tokens() + 2L * of.blocks.attention().get(0).distances(), of.adapters);
        return kernels.call(
                scope,
                method,
                weights.prepared(),
                wordEmbeddings,
                at.types(),
                at.positions(),
                at.slots(),
                at.mask(),
                read.at(),
                read.slots(),
                read.frame(),
                keep.hidden(),
                keep.attention(),
                keep.last(),
                keep.lastAttention(),
                keepAdapters);
    }

    /**
     * Runs the decoder of a masked autoencoder.
     *
     * @param batch all tokens, the masked ones among them
     * @param kept indices in {@code batch} of the tokens that the encoder has seen, shape [n - m]
     * @param hidden their representations, shape [n - m, width]
     * @param masked indices of the others, shape [m]
     * @param read the tokens whose last layer is computed, k of them
     * @param maskId id of the token whose embedding is used at each masked one
     * @return shape [k, width]
     */
    public NDArray decode(
            TextBatch batch, NDArray kept, NDArray hidden, NDArray masked, TextBatch.Tokens read, int maskId) {
        requireWholeEmbedding();
        if (weights.decoder().isEmpty()) {
            throw new IllegalStateException("the objective excludes masked tokens, but has no decoder");
        }
        TextBatch.Layout at = batch.layout();
        return kernels.call(
                        scope,
                        "decode",
                        weights.decoder(),
                        hidden,
                        kept,
                        mask(maskId),
                        masked,
                        at.positions(),
                        at.slots(),
                        at.mask(),
                        read.at(),
                        read.slots(),
                        read.frame(),
                        DropoutMasks.none(scope))
                .get(0);
    }

    private NDArray mask(int maskId) {
        NDArray id = array(maskId);
        return words(id, id);
    }

    /** Some rows of an array. Shape [m, width]. */
    public NDArray rows(NDArray from, int... indices) {
        long[] at = new long[indices.length];
        for (int i = 0; i < at.length; i++) {
            at[i] = indices[i];
        }
        return kernels.call(scope, "rows", from, array(at)).get(0);
    }

    /**
     * A batch with other ids at some tokens, which stay on the device. Its {@link TextBatch#texts} still have the old ones.
     *
     * @param at indices of these tokens, shape [m], int64
     * @param ids their new ids, shape [m], int64
     */
    public TextBatch replaced(TextBatch batch, NDArray at, NDArray ids) {
        requireWholeEmbedding();
        return batch.withIds(
                kernels.call(scope, "replaced", batch.ids(), at, ids).get(0));
    }

    /** Numbers that kernels of these passes read. Shape [n], int64. */
    public NDArray array(long... values) {
        return of.uploads.array(scope, values);
    }

    /** As {@link #array(long...)}, of float32. */
    public NDArray array(float[] values, Shape shape) {
        return of.uploads.array(scope, values, shape);
    }

    /** Indices of the tokens that the class scores read: the first of each example, or all where a head takes the mean. */
    public int[] readByClasses(TextBatch batch) {
        return of.blocks.meanPooling() ? IntStream.range(0, batch.tokens()).toArray() : batch.firstIndices();
    }

    /**
     * What the class scores read of each example.
     *
     * @param hidden representations of the tokens {@link #readByClasses}
     * @return shape [examples, width]
     */
    public NDArray pooled(TextBatch batch, NDArray hidden) {
        return of.blocks.meanPooling()
                ? kernels.call(scope, "means", hidden, batch.layout().starts()).get(0)
                : hidden;
    }

    /**
     * Class logits.
     *
     * @param pooled what {@link #pooled} gives, shape [examples, width]
     * @return shape [examples, labels], 32-bit
     */
    public NDArray classLogits(NDArray pooled) {
        long examples = pooled.getShape().get(0);
        return kernels.call(
                        scope,
                        "class_logits",
                        weights.prepared(),
                        pooled,
                        dropout.drawHeadInput(scope, examples),
                        dropout.drawHead(scope, examples))
                .get(0);
    }

    /** Class logits of an unmasked batch from its word embeddings. Shape [examples, labels], 32-bit. */
    public NDArray classLogits(TextBatch batch, NDArray wordEmbeddings) {
        return classLogits(pooled(batch, hidden(batch, wordEmbeddings, batch.tokens(readByClasses(batch)))));
    }

    /** Class logits of an unmasked batch. Shape [examples, labels], 32-bit. */
    public NDArray classLogits(TextBatch batch) {
        return classLogits(batch, wordEmbeddings(batch));
    }

    /**
     * Vocabulary logits of the masked-token head.
     *
     * @param hidden representations of m tokens, shape [m, width]
     * @return shape [m, vocabulary], 32-bit
     */
    public NDArray tokenLogits(NDArray hidden) {
        requireWholeEmbedding();
        UnaryOperator<NDArray> asRead = words -> hasConstantWords ? words.stopGradient() : words;
        NDArray words = weights.tokenWords().map(asRead).orElseGet(() -> kernels.call(
                        scope, "prepare_words", weights.table())
                .get(0));
        return kernels.call(scope, "token_logits", weights.prepared(), words, hidden)
                .get(0);
    }

    private void requireWholeEmbedding() {
        if (weights.rows().isPresent()) {
            throw new IllegalStateException(
                    "masked-token prediction reads the whole word embedding, but these passes have"
                            + " only the rows of their batch. Train without WordRows.");
        }
    }

    /** The gradients of a scalar loss of these passes for the weights. Nothing is accumulated, and the graph goes. */
    public StepWeights.PartGradients gradients(NDArray loss) {
        NDList leaves = weights.leaves();
        int prepared = leaves.size();
        leaves.addAll(lookups.found);
        NDList gradients = kernels.call(scope, "gradients", loss, leaves);
        return new StepWeights.PartGradients(
                new NDList(gradients.subList(0, prepared)),
                lookups.ids,
                new NDList(gradients.subList(prepared, gradients.size())));
    }

    /** The gradient of a scalar loss for one input alone, in its shape; weights receive nothing, and the graph goes. */
    public NDArray inputGradient(NDArray loss, NDArray input) {
        return kernels.call(scope, "input_gradient", loss, input).get(0);
    }
}
