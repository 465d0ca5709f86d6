package io.millrace.encoder;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Predicts with a Hugging Face checkpoint directory. Owns native memory; use it on one thread. */
public final class TextClassifier implements AutoCloseable {

    private final OutputHead head;
    private final TextTokenizer tokenizer;
    private final TextEncoder encoder;
    private final Weights weights;

    private TextClassifier(OutputHead head, TextTokenizer tokenizer, TextEncoder encoder, Weights weights) {
        this.head = head;
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.weights = weights;
    }

    /**
     * Loads {@code config.json}, {@code model.safetensors} and {@code tokenizer.json} of a directory.
     *
     * @throws UnusableCheckpointException if it is no checkpoint of a classifier; the message says what is missing
     */
    public static TextClassifier load(Path directory, Compute compute) {
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(directory);
        OutputHead head = checkpoint
                .head()
                .filter(named -> checkpoint.hasClassificationHead())
                .orElseThrow(() -> new UnusableCheckpointException(directory
                        + " holds no classifier: it needs id2label in config.json and a classification head in model.safetensors."
                        + " Give a checkpoint that was trained for a task."));
        TextTokenizer tokenizer = checkpoint.openTokenizer(checkpoint.trainedMaxTokens());
        TextEncoder encoder = TextEncoder.open(checkpoint, compute);
        try {
            return new TextClassifier(
                    head, tokenizer, encoder, checkpoint.loadWeights(encoder.manager(), head, new Random(0)));
        } catch (RuntimeException e) {
            encoder.close();
            tokenizer.close();
            throw e;
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

    /** Class probabilities, one row a text, in the order of {@code inputs}; rows sum to 1. Shape [inputs, labels]. */
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

    private float[][] outputs(List<TextInput> inputs) {
        return HeadOutputs.of(encoder, weights, head, tokenizer.tokenize(inputs));
    }

    @Override
    public void close() {
        weights.close();
        encoder.close();
        tokenizer.close();
    }
}
