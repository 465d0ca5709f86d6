package io.millrace.trainer.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.AdamW;
import io.millrace.encoder.Copies;
import io.millrace.encoder.Weights;
import io.millrace.encoder.safetensors.SafetensorsWriter;
import io.millrace.encoder.torchscript.Workers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A copy of a {@link ModelState}, in native memory of its own: the tensors of each file of a checkpoint. */
final class StateSnapshot implements AutoCloseable {

    private final ModelWriter model;
    private final Weights weights;
    private final NDManager owner;
    private final Workers workers;
    private final Map<String, Map<String, NDArray>> files = new LinkedHashMap<>();

    /**
     * A snapshot of the weights alone.
     *
     * @param weights a copy, which it takes over
     * @param parent manager below which it keeps its memory
     * @param workers threads that share the copying
     */
    StateSnapshot(ModelWriter model, Weights weights, NDManager parent, Workers workers) {
        this.model = model;
        this.weights = weights;
        this.workers = workers;
        owner = parent.newSubManager();
    }

    /** Adds a file with copies of these tensors. */
    void add(String file, Map<String, NDArray> tensors) {
        files.put(file, Copies.of(tensors, owner, workers));
    }

    /** Adds a file with the moments of an optimizer. Those that are put together for it are copies already. */
    void addMoments(String file, AdamW optimizer) {
        try (NDManager scope = owner.newSubManager()) {
            Map<String, NDArray> moments = optimizer.moments(scope);
            Map<String, NDArray> others = new LinkedHashMap<>(moments);
            others.values().removeIf(moment -> moment.getManager() == scope);
            Map<String, NDArray> copies = new LinkedHashMap<>(moments);
            copies.putAll(Copies.of(others, owner, workers));
            copies.forEach((name, copy) -> copy.attach(owner));
            files.put(file, copies);
        }
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
