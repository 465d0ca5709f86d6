package io.millrace.trainer.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.AdamW;
import io.millrace.encoder.Weights;
import io.millrace.encoder.safetensors.SafetensorsWriter;
import io.millrace.encoder.torchscript.GradMode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A copy of a {@link ModelState}, in native memory of its own: the tensors of each file of a checkpoint. */
final class StateSnapshot implements AutoCloseable {

    private final ModelWriter model;
    private final Weights weights;
    private final NDManager owner;
    private final Map<String, Map<String, NDArray>> files = new LinkedHashMap<>();

    /**
     * A snapshot of the weights alone.
     *
     * @param weights a copy, which it takes over
     * @param parent manager below which it keeps its memory
     */
    StateSnapshot(ModelWriter model, Weights weights, NDManager parent) {
        this.model = model;
        this.weights = weights;
        owner = parent.newSubManager();
    }

    /** Adds a file with copies of these tensors. */
    void add(String file, Map<String, NDArray> tensors) {
        Map<String, NDArray> copies = new LinkedHashMap<>();
        try (GradMode off = GradMode.off()) {
            tensors.forEach((name, tensor) -> copies.put(name, copy(tensor)));
        }
        files.put(file, copies);
    }

    /** Adds a file with the moments of an optimizer. Those that are put together for it are copies already. */
    void addMoments(String file, AdamW optimizer) {
        Map<String, NDArray> copies = new LinkedHashMap<>();
        try (GradMode off = GradMode.off();
                NDManager scope = owner.newSubManager()) {
            optimizer.moments(scope).forEach((name, moment) -> {
                boolean isCopy = moment.getManager() == scope;
                if (isCopy) {
                    moment.attach(owner);
                }
                copies.put(name, isCopy ? moment : copy(moment));
            });
        }
        files.put(file, copies);
    }

    private NDArray copy(NDArray tensor) {
        NDArray copy = tensor.duplicate();
        copy.attach(owner);
        return copy;
    }

    /** Writes it into an existing directory, on any thread; the weights as a Hugging Face checkpoint. */
    void writeInto(Path directory) throws IOException {
        model.write(directory, weights);
        for (Map.Entry<String, Map<String, NDArray>> file : files.entrySet()) {
            SafetensorsWriter.write(directory.resolve(file.getKey()), file.getValue());
        }
    }

    @Override
    public void close() {
        weights.close();
        owner.close();
    }
}
