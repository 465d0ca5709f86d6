package io.millrace.trainer.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.Compute;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.OpenedSoFar;
import io.millrace.encoder.Precision;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.Weights;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.objective.StepRandom;

import java.util.List;

/**
 * The encoder that training started from, as it was then: the trained one moves by itself, and its representations with it. Owns native
 * memory: about the size of its weights.
 */
final class FrozenEncoder implements AutoCloseable {

    private final TextEncoder encoder;
    private final Weights weights;

    private FrozenEncoder(TextEncoder encoder, Weights weights) {
        this.encoder = encoder;
        this.weights = weights;
    }

    /** Loads the encoder that a configuration names, on its device, in 32 bits. */
    static FrozenEncoder open(TrainingConfig config) {
        EncoderCheckpoint source = EncoderCheckpoint.read(config.encoder());
        try (OpenedSoFar opened = new OpenedSoFar()) {
            TextEncoder encoder = opened.add(
                    TextEncoder.open(source, new Compute(config.compute().device(), Precision.F32)));
            Weights weights = source.loadWeights(
                    encoder.manager(),
                    OutputHead.none(),
                    new StepRandom(config.seed(), 0).generator(StepRandom.Purpose.HEAD));
            opened.keep();
            return new FrozenEncoder(encoder, weights);
        }
    }

    /** The mean over the tokens of each text of the representations of the last layer. Shape [texts, width]. */
    float[][] embeddings(List<TokenizedText> texts) {
        try (GradMode off = GradMode.off();
                NDManager scope = encoder.manager().newSubManager()) {
            List<NDArray> states = encoder.inferencePass(scope, weights).hiddenStates(encoder.pack(scope, texts));
            NDArray last = states.get(states.size() - 1);
            int width = (int) last.getShape().get(1);
            return means(last.toFloatArray(), width, texts);
        }
    }

    private static float[][] means(float[] tokens, int width, List<TokenizedText> texts) {
        float[][] means = new float[texts.size()][width];
        int token = 0;
        for (int text = 0; text < means.length; text++) {
            int length = texts.get(text).length();
            for (int i = 0; i < length; i++, token++) {
                for (int j = 0; j < width; j++) {
                    means[text][j] += tokens[token * width + j] / length;
                }
            }
        }
        return means;
    }

    @Override
    public void close() {
        encoder.close();
    }
}
