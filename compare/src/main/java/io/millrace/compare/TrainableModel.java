package io.millrace.compare;

import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.LabelledExample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A model that a run trains and scores. */
interface TrainableModel extends AutoCloseable {

    /** Predicts the labels of a mini-batch, then trains on it. */
    MiniBatchResult learn(List<LabelledExample> examples);

    /** The labels it knows, in the order of its probabilities; empty for a regression. */
    List<String> labels();

    /** One row per text, in their order: class probabilities, or the one number of a regression. Shape [texts, outputs]. */
    float[][] outputs(List<TextInput> texts);

    /** Writes a Hugging Face checkpoint into an existing directory. */
    void save(Path directory) throws IOException;

    @Override
    void close();

    /**
     * The result of a mini-batch.
     *
     * @param right how many predictions were right before training
     * @param applied false if the loss or the gradient was not finite, so nothing changed
     */
    record MiniBatchResult(int right, boolean applied) {}
}
