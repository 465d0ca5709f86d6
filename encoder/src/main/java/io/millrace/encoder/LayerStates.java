package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What an encoder makes of some texts, layer by layer: the embeddings first, then every layer.
 *
 * @param means per layer, the mean over the tokens of each text, special ones included. Shape [texts, width]
 * @param ranks per layer, the effective rank over all tokens
 */
public record LayerStates(List<float[][]> means, List<EffectiveRank.Ranks> ranks) {

    /** Runs the encoder of a checkpoint directory, without dropout. */
    public static LayerStates of(Path directory, Compute compute, List<TextInput> texts) {
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(directory);
        try (TextTokenizer tokenizer = checkpoint.openTokenizer(checkpoint.trainedMaxTokens());
                TextEncoder encoder = TextEncoder.open(checkpoint, compute);
                Weights weights = checkpoint.loadWeights(encoder.manager(), OutputHead.none(), new Random(0));
                EffectiveRank rank = new EffectiveRank(encoder);
                GradMode off = GradMode.off();
                NDManager run = encoder.manager().newSubManager()) {
            List<TokenizedText> tokens = tokenizer.tokenize(texts);
            List<float[][]> means = new ArrayList<>();
            ForwardPass pass = encoder.inferencePass(run, weights);
            for (List<Integer> part : Packing.of(tokens, Packing.tokensPerPass(run.getDevice()))) {
                try (NDManager scope = run.newSubManager()) {
                    List<TokenizedText> batch = part.stream().map(tokens::get).toList();
                    List<NDArray> states = pass.within(scope).hiddenStates(encoder.pack(scope, batch));
                    rank.add(states);
                    for (int layer = 0; layer < states.size(); layer++) {
                        if (layer == means.size()) {
                            means.add(new float[texts.size()][]);
                        }
                        addMeans(means.get(layer), states.get(layer).toFloatArray(), part, batch);
                    }
                }
            }
            return new LayerStates(means, rank.ranks());
        }
    }

    /** Takes the means of packed tokens: {@code states} holds one row per token of the batch. */
    private static void addMeans(float[][] means, float[] states, List<Integer> part, List<TokenizedText> batch) {
        int tokens = batch.stream().mapToInt(TokenizedText::length).sum();
        int width = states.length / tokens;
        int token = 0;
        for (int text = 0; text < batch.size(); text++) {
            int length = batch.get(text).length();
            float[] mean = new float[width];
            for (int end = token + length; token < end; token++) {
                for (int column = 0; column < width; column++) {
                    mean[column] += states[token * width + column] / length;
                }
            }
            means[part.get(text)] = mean;
        }
    }
}
