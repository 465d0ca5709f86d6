package io.millrace.encoder;

import ai.djl.ndarray.NDManager;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;

import java.util.Arrays;
import java.util.List;

/** Predictions of a model with a head, without dropout. */
public final class Inference {

    private Inference() {}

    /**
     * One row per text, in their order: class probabilities that sum to 1, the probability of each
     * label if any number of them hold, or the score alone. Shape [texts, logits].
     *
     * @param weights of a model with {@code head}
     */
    public static float[][] of(TextEncoder encoder, Weights weights, OutputHead head, List<TokenizedText> texts) {
        float[][] rows = logits(encoder, weights, texts, () -> {});
        for (int i = 0; i < rows.length; i++) {
            rows[i] = meaning(head, rows[i]);
        }
        return rows;
    }

    /**
     * The logits of each text, in their order. Shape [texts, logits]. The same texts get the same bits on the same machine:
     * they are packed by {@link Packing}, which looks at nothing but their lengths.
     *
     * @param weights of a model with a head
     * @param beforePass called before every pass; it may throw to end the run
     */
    static float[][] logits(TextEncoder encoder, Weights weights, List<TokenizedText> texts, Runnable beforePass) {
        float[][] rows = new float[texts.size()][];
        try (GradMode off = GradMode.off();
                NDManager run = encoder.manager().newSubManager()) {
            ForwardPass pass = encoder.inferencePass(run, weights);
            for (List<Integer> part : Packing.of(texts, Packing.tokensPerPass(run.getDevice()))) {
                beforePass.run();
                try (NDManager scope = run.newSubManager()) {
                    float[] logits = pass.within(scope)
                            .classLogits(encoder.pack(
                                    scope, part.stream().map(texts::get).toList()))
                            .toFloatArray();
                    int columns = logits.length / part.size();
                    for (int row = 0; row < part.size(); row++) {
                        rows[part.get(row)] = Arrays.copyOfRange(logits, row * columns, (row + 1) * columns);
                    }
                }
            }
        }
        return rows;
    }

    /** What one row of logits says: see {@link #of}. */
    static float[] meaning(OutputHead head, float[] logits) {
        return switch (head.kind()) {
            case CLASSES -> softmax(logits);
            case MULTI_LABEL -> sigmoid(logits);
            case SCORE, NONE -> new float[] {logits[0]};
        };
    }

    private static float[] sigmoid(float[] logits) {
        float[] probabilities = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = (float) (1 / (1 + Math.exp(-logits[i])));
        }
        return probabilities;
    }

    private static float[] softmax(float[] logits) {
        float max = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        double[] exponentials = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            exponentials[i] = Math.exp(logits[i] - max);
            sum += exponentials[i];
        }
        float[] probabilities = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = (float) (exponentials[i] / sum);
        }
        return probabilities;
    }
}
