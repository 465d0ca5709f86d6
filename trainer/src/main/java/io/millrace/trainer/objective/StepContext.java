package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.TextBatch;
import io.millrace.encoder.Uploads;
import io.millrace.encoder.torchscript.GradMode;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * Everything that the terms of one step read. The clean pass runs when a term first needs it, and is shared.
 *
 * <p>Within a step: n tokens, b examples, c classes, h width.
 */
public final class StepContext {

    private final NDManager scope;
    private final Passes passes;
    private final CollatedBatch batch;
    private final StepRandom random;
    private @Nullable NDArray cleanWords;
    private @Nullable NDArray cleanLogits;

    /**
     * The passes of a step.
     *
     * @param current the model in training, with dropout
     * @param withoutDropout the same model without dropout
     * @param reference the reference model without dropout, if the objective has a proximal term
     */
    public record Passes(ForwardPass current, ForwardPass withoutDropout, Optional<ForwardPass> reference) {}

    public StepContext(NDManager scope, Passes passes, CollatedBatch batch, StepRandom random) {
        this.scope = scope;
        this.passes = passes;
        this.batch = batch;
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

    /** The labelled examples. */
    public TextBatch batch() {
        return labelled().texts();
    }

    private CollatedBatch.Labelled labelled() {
        return batch.labelled()
                .orElseThrow(
                        () -> new IllegalStateException("the objective has a task term, but the step no examples"));
    }

    Optional<TextBatch> unlabelled() {
        return batch.unlabelled();
    }

    public int maskId() {
        return batch.maskId()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "masked-token prediction needs a [MASK] or <mask> token, but the tokenizer has none. Use method plain or smart."));
    }

    public StepRandom random() {
        return random;
    }

    /** A factor or the like, a 32-bit scalar that lives as long as the step. It is in the host's memory, from which every device takes it. */
    public NDArray number(double value) {
        return Uploads.host(scope).create((float) value);
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
            cleanLogits = pass().classLogits(batch(), cleanWords());
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

    /** The loss of {@code output} on the examples: mean cross-entropy, or mean squared error for a regression. A scalar. */
    NDArray taskLoss(NDArray output) {
        CollatedBatch.Labelled labelled = labelled();
        return labelled.isRegression()
                ? Divergences.squaredError(output, labelled.targets(), labelled.weights())
                : Divergences.crossEntropy(output, labelled.targets(), labelled.weights());
    }

    /**
     * SMART's divergence between two outputs: symmetric Kullback-Leibler, or the mean squared difference for a regression. A scalar; its
     * gradient goes through both.
     */
    NDArray divergence(NDArray p, NDArray q) {
        return labelled().isRegression() ? Divergences.squaredDistance(p, q) : Divergences.symmetricKl(p, q);
    }
}
