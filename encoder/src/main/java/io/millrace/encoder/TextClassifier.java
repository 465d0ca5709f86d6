package io.millrace.encoder;

import ai.djl.ndarray.NDManager;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Predicts with a Hugging Face checkpoint directory. Owns native memory; use it on one thread. */
public final class TextClassifier implements AutoCloseable {

    private static final int EXAMPLES_A_PASS = 64;

    private final List<String> labels;
    private final TextTokenizer tokenizer;
    private final TextEncoder encoder;
    private final Weights weights;

    private TextClassifier(List<String> labels, TextTokenizer tokenizer, TextEncoder encoder, Weights weights) {
        this.labels = labels;
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.weights = weights;
    }

    /**
     * Loads {@code config.json}, {@code model.safetensors} and {@code tokenizer.json} of a directory.
     *
     * @throws IllegalArgumentException if it is no checkpoint of a classifier; the message says what is missing
     */
    public static TextClassifier load(Path directory, Compute compute) {
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(directory);
        List<String> labels = checkpoint
                .labels()
                .filter(named -> checkpoint.hasClassificationHead())
                .orElseThrow(() -> new IllegalArgumentException(directory
                        + " holds no classifier: it needs id2label in config.json and a classification head in model.safetensors."
                        + " Give a checkpoint that was trained for a task."));
        TextTokenizer tokenizer = checkpoint.openTokenizer(checkpoint.trainedMaxTokens());
        TextEncoder encoder = TextEncoder.open(checkpoint, compute);
        try {
            return new TextClassifier(
                    labels, tokenizer, encoder, checkpoint.loadWeights(encoder.manager(), labels, new Random(0)));
        } catch (RuntimeException e) {
            encoder.close();
            tokenizer.close();
            throw e;
        }
    }

    /** Label names in the order of the columns of {@link #probabilities}. */
    public List<String> labels() {
        return labels;
    }

    /** Class probabilities, one row a text, in the order of {@code inputs}; rows sum to 1. Shape [inputs, labels]. */
    public float[][] probabilities(List<TextInput> inputs) {
        List<TokenizedText> texts = tokenizer.tokenize(inputs);
        float[][] probabilities = new float[texts.size()][];
        // Texts of like length share a pass: attention is the one place where padding costs.
        List<Integer> byLength = IntStream.range(0, texts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> texts.get(i).length()))
                .toList();
        try (GradMode off = GradMode.off();
                NDManager run = encoder.manager().newSubManager()) {
            ForwardPass pass = encoder.inferencePass(run, weights);
            for (int first = 0; first < byLength.size(); first += EXAMPLES_A_PASS) {
                List<Integer> part = byLength.subList(first, Math.min(byLength.size(), first + EXAMPLES_A_PASS));
                try (NDManager scope = run.newSubManager()) {
                    List<TokenizedText> batch = new ArrayList<>();
                    part.forEach(i -> batch.add(texts.get(i)));
                    float[] logits = pass.within(scope)
                            .classLogits(encoder.pack(scope, batch))
                            .toFloatArray();
                    for (int row = 0; row < part.size(); row++) {
                        probabilities[part.get(row)] = softmax(logits, row * labels.size(), labels.size());
                    }
                }
            }
        }
        return probabilities;
    }

    private static float[] softmax(float[] logits, int from, int count) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, logits[from + i]);
        }
        double sum = 0;
        double[] exponentials = new double[count];
        for (int i = 0; i < count; i++) {
            exponentials[i] = Math.exp(logits[from + i] - max);
            sum += exponentials[i];
        }
        float[] probabilities = new float[count];
        for (int i = 0; i < count; i++) {
            probabilities[i] = (float) (exponentials[i] / sum);
        }
        return probabilities;
    }

    @Override
    public void close() {
        weights.close();
        encoder.close();
        tokenizer.close();
    }
}
