package io.millrace.encoder;

import ai.djl.ndarray.NDManager;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A checkpoint opened for one test, dropout off. */
final class OpenModel implements AutoCloseable {

    static final int MAX_TOKENS = 24;

    private final EncoderCheckpoint checkpoint;
    private final TextTokenizer tokenizer;
    private final TextEncoder encoder;
    private final Weights weights;

    OpenModel(Path directory) {
        this(directory, Goldens.LABELS, Precision.F32);
    }

    OpenModel(Path directory, List<String> labels, Precision precision) {
        this(EncoderCheckpoint.read(directory), OutputHead.classes(labels), precision);
    }

    OpenModel(EncoderCheckpoint checkpoint, OutputHead head, Precision precision) {
        this(checkpoint, head, precision, MAX_TOKENS);
    }

    OpenModel(EncoderCheckpoint checkpoint, OutputHead head, Precision precision, int maxTokens) {
        this.checkpoint = checkpoint;
        tokenizer = checkpoint.openTokenizer(maxTokens);
        encoder = TextEncoder.open(checkpoint, new Compute("cpu", precision));
        weights = checkpoint.loadWeights(encoder.manager(), head, new Random(1));
    }

    EncoderCheckpoint checkpoint() {
        return checkpoint;
    }

    TextEncoder encoder() {
        return encoder;
    }

    /** The tokens of texts. */
    List<TokenizedText> tokens(List<String> texts) {
        return tokenizer.tokenize(
                texts.stream().map(text -> new TextInput(text, null)).toList());
    }

    Weights weights() {
        return weights;
    }

    float[] weight(String name) {
        return weights.byName().get(name).toFloatArray();
    }

    /** Class logits of the texts as one batch, row by row. */
    float[] logits(List<String> texts) {
        try (GradMode off = GradMode.off();
                NDManager scope = encoder.manager().newSubManager()) {
            return logits(encoder.inferencePass(scope, weights), scope, texts);
        }
    }

    /** Class logits of inputs as one batch, single texts or pairs. */
    float[] logits(NDManager scope, List<TextInput> inputs) {
        return encoder.inferencePass(scope, weights)
                .classLogits(encoder.pack(scope, tokenizer.tokenize(inputs)))
                .toFloatArray();
    }

    /** As {@link #logits(List)}, with dropout. */
    float[] trainingLogits(List<String> texts, long seed) {
        try (GradMode off = GradMode.off();
                NDManager scope = encoder.manager().newSubManager()) {
            return logits(encoder.trainingPass(scope, weights, new Random(seed)), scope, texts);
        }
    }

    private float[] logits(ForwardPass pass, NDManager scope, List<String> texts) {
        return pass.classLogits(encoder.pack(scope, tokens(texts))).toFloatArray();
    }

    @Override
    public void close() {
        encoder.close();
        tokenizer.close();
    }
}
