package io.millrace.compare;

import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.LabelledExample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A model that learns, as a run sees it. */
interface TrainableModel extends AutoCloseable {

    /** Predicts the labels of a mini-batch, then trains on it. */
    Lesson learn(List<LabelledExample> examples);

    /** The labels it knows, in the order of its probabilities; none for a regression. */
    List<String> labels();

    /** One row a text, in their order: class probabilities, or the one number of a regression. Shape [texts, outputs]. */
    float[][] outputs(List<TextInput> texts);

    /** Writes a Hugging Face checkpoint into an existing directory. */
    void save(Path directory) throws IOException;

    @Override
    void close();

    /**
     * What came of a mini-batch.
     *
     * @param right how many predictions were right, before training
     * @param applied false if the loss or the gradient was not finite, so that nothing was changed
     */
    record Lesson(int right, boolean applied) {}
}
