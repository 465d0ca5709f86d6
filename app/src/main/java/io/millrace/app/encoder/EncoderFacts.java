package io.millrace.app.encoder;

import io.millrace.app.console.Format;
import io.millrace.encoder.config.OutputHead;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of an encoder on disk.
 *
 * @param directory where it is
 * @param refused why no task can start from it; absent if one can
 * @param shape its sizes; absent if config.json is refused
 * @param weights what is stored; absent if the encoder is refused, like all that follows
 * @param tokenizer its tokenizer
 * @param heads its heads
 * @param sample what a text becomes
 */
public record EncoderFacts(
        String directory,
        @Nullable String refused,
        @Nullable Shape shape,
        @Nullable StoredWeights weights,
        @Nullable Tokenizer tokenizer,
        @Nullable Heads heads,
        @Nullable Sample sample) {

    private static final int MOST_NAME_CHARS = 300;

    /** Some encoders have a few rows more than tokens, so that the number of rows suits the hardware. */
    private static final double LEAST_SHARE_USED = 0.9;

    /**
     * Sizes.
     *
     * @param modelType as config.json has it
     * @param layers transformer layers
     * @param width of a token's representation
     * @param attentionHeads per layer
     * @param vocabulary rows of the word embedding
     * @param positions longest example, in tokens
     */
    public record Shape(String modelType, int layers, int width, int attentionHeads, int vocabulary, int positions) {}

    /**
     * The tokenizer.
     *
     * @param tokens in its vocabulary, added ones included
     * @param trainedMaxTokens where it cuts unless a task says otherwise
     */
    public record Tokenizer(int tokens, int trainedMaxTokens) {}

    /**
     * Heads.
     *
     * @param task kind of the stored head for a task
     * @param labels its labels, if it has any
     * @param maskedTokens whether a masked-token head is stored
     * @param fresh names of the weights that every task draws anew
     */
    public record Heads(OutputHead.Kind task, List<String> labels, boolean maskedTokens, List<String> fresh) {

        public Heads {
            labels = List.copyOf(labels);
            fresh = List.copyOf(fresh);
        }
    }

    /**
     * One text.
     *
     * @param text the text
     * @param tokens how many it becomes, special ones included
     * @param truncated whether it is longer than the tokenizer's limit
     * @param unknownShare share of its tokens that the vocabulary does not cover
     * @param forwardMs median time of a forward pass of this text alone, in milliseconds
     */
    public record Sample(String text, int tokens, boolean truncated, double unknownShare, double forwardMs) {}

    /** The same for people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("encoder      " + directory);
        if (shape != null) {
            lines.add(Format.text(
                    "model        %s: %d layers, width %,d, %d attention heads, %,d word rows, at most %,d tokens",
                    LogSafe.line(shape.modelType(), MOST_NAME_CHARS),
                    shape.layers(),
                    shape.width(),
                    shape.attentionHeads(),
                    shape.vocabulary(),
                    shape.positions()));
        }
        if (weights != null) {
            lines.add(Format.text(
                    "weights      %,d parameters in %,d tensors of %d file%s, %,d bytes",
                    weights.parameters(),
                    weights.tensors(),
                    weights.files().size(),
                    weights.files().size() == 1 ? "" : "s",
                    weights.bytes()));
        }
        if (tokenizer != null) {
            lines.add(Format.text(
                    "tokenizer    %,d tokens, cuts at %,d", tokenizer.tokens(), tokenizer.trainedMaxTokens()));
            if (shape != null && tokenizer.tokens() < LEAST_SHARE_USED * shape.vocabulary()) {
                lines.add(Format.text(
                        "careful      %,d of the word rows belong to no token: is the tokenizer that of another"
                                + " encoder?",
                        shape.vocabulary() - tokenizer.tokens()));
            }
        }
        if (heads != null) {
            lines.add("task head    " + task(heads));
            lines.add("token head   "
                    + (heads.maskedTokens()
                            ? "stored"
                            : "none: methods with masked tokens start it fresh, with a loss near ln(vocabulary)"));
            if (!heads.fresh().isEmpty()) {
                lines.add("fresh        " + LogSafe.line(String.join(", ", heads.fresh()), MOST_NAME_CHARS));
            }
        }
        if (sample != null) {
            lines.add(Format.text(
                    "sample       %d tokens%s, %.0f %% unknown, %.1f ms per forward pass: %s",
                    sample.tokens(),
                    sample.truncated() ? " (cut)" : "",
                    100 * sample.unknownShare(),
                    sample.forwardMs(),
                    LogSafe.quoted(sample.text())));
        }
        lines.add(refused == null ? "A task can start from it." : "refused      " + refused);
        return lines;
    }

    private static String task(Heads heads) {
        return switch (heads.task()) {
            case CLASSES -> labels(heads) + ", of which one holds";
            case MULTI_LABEL -> labels(heads) + ", of which any number hold: it predicts, but no task trains it";
            case SCORE -> "a number";
            case NONE -> "none: each task starts one fresh";
        };
    }

    private static String labels(Heads heads) {
        return heads.labels().size() + " labels (" + LogSafe.line(String.join(", ", heads.labels()), MOST_NAME_CHARS)
                + ")";
    }
}
