package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.safetensors.SafetensorsFile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Reads the weights of a checkpoint into native memory, and gives it the heads that it lacks. */
final class WeightLoader {

    private final EncoderConfig config;
    private final SafetensorsFile file;
    private final StoredTensors tensors;
    private final NDManager owner;
    private final WeightInitializer drawn;
    private final long width;
    private final List<String> fresh = new ArrayList<>();

    /**
     * A loader of one file.
     *
     * @param tensors the file's header
     * @param owner takes the arrays
     * @param random source of a fresh head's weights
     */
    WeightLoader(
            EncoderConfig config,
            SafetensorsFile file,
            StoredTensors tensors,
            NDManager owner,
            RandomGenerator random) {
        this.config = config;
        this.file = file;
        this.tensors = tensors;
        this.owner = owner;
        this.drawn = new WeightInitializer(owner, random, config.shape().initializerRange());
        this.width = config.shape().width();
    }

    /** Loads every weight that the kernels read. */
    Weights load(HeadStart head) throws IOException {
        Map<String, NDArray> slots = new LinkedHashMap<>();
        Set<String> constants = new HashSet<>();
        body(slots, constants);
        head(slots, constants, head);
        tokenHead(slots, config.architecture().tokenHead());
        return new Weights(
                owner, slots, constants, Set.copyOf(config.architecture().tokenHead()));
    }

    /** Names of the weights that the file lacks and that were drawn or set to zero instead. */
    List<String> fresh() {
        return fresh;
    }

    private void body(Map<String, NDArray> slots, Set<String> constants) throws IOException {
        String types = config.architecture().embeddings().get(2);
        boolean typeless = config.shape().types() == 0;
        for (Map.Entry<String, long[]> weight : WeightShapes.body(config).entrySet()) {
            // The kernels read types between positions and the norm, whether the architecture has them or not.
            if (typeless
                    && weight.getKey().equals(config.architecture().embeddings().get(3))) {
                constants.add(types);
                slots.put(types, owner.zeros(new Shape(1, width)));
            }
            slots.put(weight.getKey(), stored(weight.getKey(), weight.getValue()));
        }
    }

    private void stored(Map<String, NDArray> slots, Map<String, long[]> shapes) throws IOException {
        for (Map.Entry<String, long[]> weight : shapes.entrySet()) {
            slots.put(weight.getKey(), stored(weight.getKey(), weight.getValue()));
        }
    }

    private NDArray stored(String name, long... shape) throws IOException {
        return file.array(owner, tensors.stored(name, shape));
    }

    private void head(Map<String, NDArray> slots, Set<String> constants, HeadStart start) throws IOException {
        List<String> names = config.architecture().classificationHead();
        OutputHead head = start.head();
        if (head.kind() == OutputHead.Kind.NONE) {
            constants.addAll(names);
            names.forEach(name -> slots.put(name, owner.zeros(new Shape(1, width))));
            return;
        }
        if (tensors.hold(names.subList(0, 2))) {
            stored(slots, WeightShapes.headDense(config));
        } else {
            fresh.addAll(names.subList(0, 2));
            drawn.dense(slots, names, 0, width, width);
        }
        if (start.rows().isEmpty()) {
            fresh.addAll(names.subList(2, 4));
            drawn.dense(slots, names, 2, head.outputs(), width);
        } else if (start.isWhole(tensors.rows(names.get(2)))) {
            stored(slots, WeightShapes.headScores(config, head.outputs()));
        } else {
            rows(slots, names, start);
        }
    }

    /** The class scores: the rows that are copied from the checkpoint, and drawn ones for the rest. */
    private void rows(Map<String, NDArray> slots, List<String> names, HeadStart start) throws IOException {
        int outputs = start.head().outputs();
        for (Map.Entry<String, long[]> weight :
                WeightShapes.headScores(config, tensors.rows(names.get(2))).entrySet()) {
            String stored = tensors.stored(weight.getKey(), weight.getValue());
            slots.put(
                    weight.getKey(),
                    drawn.withRows(outputs, file.floats(stored).asFloatBuffer(), weight.getValue(), start.rows()));
        }
    }

    private void tokenHead(Map<String, NDArray> slots, List<String> names) throws IOException {
        if (tensors.hold(names)) {
            stored(slots, WeightShapes.tokenHead(config));
        } else {
            fresh.addAll(names);
            drawn.dense(slots, names, 0, width, width);
            drawn.norm(slots, names, 2, width);
            slots.put(names.get(4), drawn.constant(config.vocabulary(), 0));
        }
    }
}
