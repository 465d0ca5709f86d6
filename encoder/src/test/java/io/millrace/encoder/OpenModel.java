package io.millrace.encoder;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.NativeEngine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A checkpoint opened for one test, dropout off. */
public final class OpenModel implements AutoCloseable {

    public static final int MAX_TOKENS = 24;

    static {
        // On a busy machine a second compute thread makes such small passes many times slower: each waits for both.
        NativeEngine.get();
        JniUtils.setNumThreads(1);
    }

    private final EncoderCheckpoint checkpoint;
    private final TextTokenizer tokenizer;
    private final TextEncoder encoder;
    private final Weights weights;

    public OpenModel(Path directory) {
        this(directory, Goldens.LABELS, Precision.F32);
    }

    public OpenModel(Path directory, List<String> labels, Precision precision) {
        this(EncoderCheckpoint.read(directory), OutputHead.classes(labels), precision);
    }

    public OpenModel(EncoderCheckpoint checkpoint, OutputHead head, Precision precision) {
        this(checkpoint, head, precision, MAX_TOKENS);
    }

    public OpenModel(EncoderCheckpoint checkpoint, OutputHead head, Precision precision, int maxTokens) {
        this(checkpoint, head, new Compute("cpu", precision), maxTokens);
    }

    /** On a device of its own. */
    OpenModel(EncoderCheckpoint checkpoint, OutputHead head, Compute compute, int maxTokens) {
        this.checkpoint = checkpoint;
        tokenizer = checkpoint.openTokenizer(maxTokens);
        encoder = TextEncoder.open(checkpoint, compute);
        weights = checkpoint.loadWeights(encoder.manager(), head, new Random(1));
    }

    public EncoderCheckpoint checkpoint() {
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

    public Weights weights() {
        return weights;
    }

    public float[] weight(String name) {
        return weights.byName().get(name).toFloatArray();
    }

    /** The weights as a step in training reads them. */
    StepWeights prepared(NDManager scope) {
        return encoder.prepare(scope, new StepWeights.Trained(weights, Optional.empty(), Optional.empty()));
    }

    /** Class logits of the texts as one batch, row by row. */
    public float[] logits(List<String> texts) {
        try (GradMode off = GradMode.off();
                NDManager scope = encoder.manager().newSubManager()) {
            return logits(encoder.inferencePass(scope, weights), scope, texts);
        }
    }

    /** Class logits of inputs as one batch, single texts or pairs. */
    public float[] logits(NDManager scope, List<TextInput> inputs) {
        return encoder.inferencePass(scope, weights)
                .classLogits(encoder.pack(scope, tokenizer.tokenize(inputs)))
                .toFloatArray();
    }

    /** As {@link #logits(List)}, with dropout. */
    float[] trainingLogits(List<String> texts, long seed) {
        try (GradMode off = GradMode.off();
                NDManager scope = encoder.manager().newSubManager()) {
            return logits(encoder.trainingPass(scope, prepared(scope), new Random(seed)), scope, texts);
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
