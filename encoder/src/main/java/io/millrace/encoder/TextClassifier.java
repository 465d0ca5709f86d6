package io.millrace.encoder;

import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Predicts with a Hugging Face checkpoint directory. Owns native memory; use it on one thread. */
public final class TextClassifier implements AutoCloseable {

    private final OutputHead head;
    private final TextTokenizer tokenizer;
    private final TextEncoder encoder;
    private final Weights weights;
    private long truncated;

    private TextClassifier(OutputHead head, TextTokenizer tokenizer, TextEncoder encoder, Weights weights) {
        this.head = head;
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.weights = weights;
    }

    /**
     * Loads {@code config.json}, {@code model.safetensors} and {@code tokenizer.json} of a directory.
     *
     * @throws UnusableCheckpointException if it is no checkpoint of a classifier; the message names the missing part
     * @throws IllegalArgumentException if this machine lacks the device
     */
    public static TextClassifier load(Path directory, Compute compute) {
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(directory);
        OutputHead head = checkpoint
                .head()
                .orElseThrow(() -> new UnusableCheckpointException(directory
                        + " holds no classifier: it needs the classification head of a "
                        + checkpoint.config().architecture().modelClass(OutputHead.Kind.CLASSES)
                        + " in model.safetensors. Give a checkpoint that was trained for a task."));
        try (OpenedSoFar opened = new OpenedSoFar()) {
            TextTokenizer tokenizer = opened.add(checkpoint.openTokenizer(checkpoint.trainedMaxTokens()));
            TextEncoder encoder = opened.add(TextEncoder.open(checkpoint, compute));
            Weights weights = opened.add(checkpoint.loadWeights(encoder.manager(), head, new Random(0)));
            opened.keep();
            return new TextClassifier(head, tokenizer, encoder, weights);
        }
    }

    /** Label names in the order of the columns of {@link #probabilities}; none for a regression model. */
    public List<String> labels() {
        return head.labels();
    }

    /** Whether the model gives a number instead of classes. */
    public boolean isRegression() {
        return head.kind() == OutputHead.Kind.SCORE;
    }

    /** Whether any number of labels hold for a text, so that the probabilities of one text need not sum to 1. */
    public boolean isMultiLabel() {
        return head.kind() == OutputHead.Kind.MULTI_LABEL;
    }

    /**
     * Probabilities of the labels, one row per text, in the order of {@code inputs}. A row sums to 1 unless the model
     * {@linkplain #isMultiLabel gives any number of labels}. Shape [inputs, labels].
     */
    public float[][] probabilities(List<TextInput> inputs) {
        if (isRegression()) {
            throw new IllegalStateException("a regression model has no class probabilities: read its scores");
        }
        return outputs(inputs);
    }

    /** The numbers that a regression model gives, in the order of {@code inputs}. */
    public float[] scores(List<TextInput> inputs) {
        if (!isRegression()) {
            throw new IllegalStateException("a classifier has no scores: read its class probabilities");
        }
        float[][] rows = outputs(inputs);
        float[] scores = new float[rows.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = rows[i][0];
        }
        return scores;
    }

    /** The tokens of each text, in their order. They serve every model with the same {@link #tokenizerSha256}. */
    public List<TokenizedText> tokenize(List<TextInput> inputs) {
        List<TokenizedText> texts = tokenizer.tokenize(inputs);
        truncated += texts.stream().filter(TokenizedText::truncated).count();
        return texts;
    }

    /** Hash of all that {@link #tokenize} depends on but the texts. */
    public String tokenizerSha256() {
        return tokenizer.sha256();
    }

    /**
     * The raw outputs of each text, in their order. Shape [texts, logits].
     *
     * @param texts as {@link #tokenize} gives them
     * @param beforePass called before every pass over some of the texts; it may throw to end the run
     */
    public float[][] logits(List<TokenizedText> texts, Runnable beforePass) {
        return Inference.logits(encoder, weights, texts, beforePass);
    }

    /** The meaning of a row of {@link #logits}: the probabilities of the labels, or the number of a regression. */
    public float[] meaning(float[] logits) {
        return Inference.meaning(head, logits);
    }

    /** Longest text in tokens; longer ones lose their end. */
    public int maxTokens() {
        return tokenizer.maxTokens();
    }

    /** How many of the texts so far were longer. */
    public long truncated() {
        return truncated;
    }

    private float[][] outputs(List<TextInput> inputs) {
        return Inference.of(encoder, weights, head, tokenize(inputs));
    }

    @Override
    public void close() {
        weights.close();
        encoder.close();
        tokenizer.close();
    }
}
