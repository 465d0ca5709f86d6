package io.millrace.encoder;

import java.nio.file.Path;
import java.util.List;

/** Predicts with a Hugging Face checkpoint directory. Owns native memory; use it on one thread. */
public final class TextClassifier implements AutoCloseable {

    private TextClassifier() {}

    /** Loads {@code config.json}, {@code model.safetensors} and {@code tokenizer.json} of a directory. */
    public static TextClassifier load(Path directory, Compute compute) {
        return new TextClassifier();
    }

    /** Label names in the order of the columns of {@link #probabilities}. */
    public List<String> labels() {
        return List.of();
    }

    /** Class probabilities, one row a text, in the order of {@code inputs}; rows sum to 1. Shape [inputs, labels]. */
    public float[][] probabilities(List<TextInput> inputs) {
        return new float[inputs.size()][];
    }

    @Override
    public void close() {}
}
