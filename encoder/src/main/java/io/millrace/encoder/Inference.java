package io.millrace.encoder;

import ai.djl.ndarray.NDManager;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Predictions of a model with a head, without dropout. */
public final class Inference {

    private static final int EXAMPLES_PER_PASS = 64;

    private Inference() {}

    /**
     * One row per text, in their order: class probabilities that sum to 1, the probability of each
     * label if any number of them hold, or the score alone. Shape [texts, logits].
     *
     * @param weights of a model with {@code head}
     */
    public static float[][] of(TextEncoder encoder, Weights weights, OutputHead head, List<TokenizedText> texts) {
        float[][] rows = new float[texts.size()][];
        // Texts of like length share a pass: attention is the one place where padding costs.
        List<Integer> byLength = IntStream.range(0, texts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> texts.get(i).length()))
                .toList();
        try (GradMode off = GradMode.off();
                NDManager run = encoder.manager().newSubManager()) {
            ForwardPass pass = encoder.inferencePass(run, weights);
            for (int first = 0; first < byLength.size(); first += EXAMPLES_PER_PASS) {
                List<Integer> part = byLength.subList(first, Math.min(byLength.size(), first + EXAMPLES_PER_PASS));
                try (NDManager scope = run.newSubManager()) {
                    List<TokenizedText> batch = new ArrayList<>();
                    part.forEach(i -> batch.add(texts.get(i)));
                    float[] logits = pass.within(scope)
                            .classLogits(encoder.pack(scope, batch))
                            .toFloatArray();
                    int columns = logits.length / part.size();
                    for (int row = 0; row < part.size(); row++) {
                        rows[part.get(row)] = meaning(head, logits, row * columns, columns);
                    }
                }
            }
        }
        return rows;
    }

    private static float[] meaning(OutputHead head, float[] logits, int from, int count) {
        return switch (head.kind()) {
            case CLASSES -> softmax(logits, from, count);
            case MULTI_LABEL -> sigmoid(logits, from, count);
            case SCORE, NONE -> new float[] {logits[from]};
        };
    }

    private static float[] sigmoid(float[] logits, int from, int count) {
        float[] probabilities = new float[count];
        for (int i = 0; i < count; i++) {
            probabilities[i] = (float) (1 / (1 + Math.exp(-logits[from + i])));
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
}
