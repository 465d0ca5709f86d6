package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
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
    private final NDManager owner;
    private final FreshWeights drawn;
    private final Map<String, String> storedNames;
    private final long width;
    private final List<String> fresh = new ArrayList<>();

    /**
     * A loader of one file.
     *
     * @param owner takes the arrays
     * @param random source of a fresh head's weights
     */
    WeightLoader(EncoderConfig config, SafetensorsFile file, NDManager owner, RandomGenerator random) {
        this.config = config;
        this.file = file;
        this.owner = owner;
        this.drawn = new FreshWeights(owner, random, config.shape().initializerRange());
        this.storedNames = canonicalNames(config.family(), file);
        this.width = config.shape().width();
    }

    /** The stored name of each weight by the name that Hugging Face gives it today. */
    static Map<String, String> canonicalNames(Family family, SafetensorsFile file) {
        Map<String, String> names = new LinkedHashMap<>();
        file.entries().keySet().forEach(stored -> names.put(canonical(family, stored), stored));
        return names;
    }

    /** Old files say gamma and beta; files without a head lack the prefix. */
    private static String canonical(Family family, String stored) {
        String name = stored.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias");
        boolean bare = name.startsWith("embeddings.")
                || name.startsWith("encoder.layer.")
                || name.startsWith("transformer.layer.")
                || name.startsWith("pooler.");
        return bare ? family.prefix() + name : name;
    }

    /**
     * Loads every weight that the kernels read.
     *
     * @param head what is to stand on the encoder; the file's head serves as far as it is the same
     */
    Weights load(OutputHead head) throws IOException {
        Map<String, NDArray> slots = new LinkedHashMap<>();
        Set<String> constants = new HashSet<>();
        embeddings(slots, constants);
        for (int layer = 0; layer < config.shape().layers(); layer++) {
            layer(slots, config.family().layer(layer));
        }
        head(slots, constants, head);
        tokenHead(slots, config.family().tokenHead());
        return new Weights(owner, slots, constants, Set.copyOf(config.family().tokenHead()));
    }

    /** Names of the weights that the file lacks and that were drawn or set to zero instead. */
    List<String> fresh() {
        return fresh;
    }

    private void embeddings(Map<String, NDArray> slots, Set<String> constants) throws IOException {
        List<String> names = config.family().embeddings();
        EncoderConfig.Shape shape = config.shape();
        slots.put(names.get(0), stored(names.get(0), rows(names.get(0)), width));
        slots.put(names.get(1), stored(names.get(1), shape.positions(), width));
        if (shape.types() == 0) {
            constants.add(names.get(2));
            slots.put(names.get(2), owner.zeros(new Shape(1, width)));
        } else {
            slots.put(names.get(2), stored(names.get(2), shape.types(), width));
        }
        norm(slots, names, 3);
    }

    private void layer(Map<String, NDArray> slots, List<String> names) throws IOException {
        for (int attention = 0; attention < 8; attention += 2) {
            dense(slots, names, attention, width, width);
        }
        norm(slots, names, 8);
        long inner = rows(names.get(10));
        dense(slots, names, 10, inner, width);
        dense(slots, names, 12, width, inner);
        norm(slots, names, 14);
    }

    private void dense(Map<String, NDArray> slots, List<String> names, int at, long rows, long columns)
            throws IOException {
        slots.put(names.get(at), stored(names.get(at), rows, columns));
        slots.put(names.get(at + 1), stored(names.get(at + 1), rows));
    }

    private void norm(Map<String, NDArray> slots, List<String> names, int at) throws IOException {
        slots.put(names.get(at), stored(names.get(at), width));
        slots.put(names.get(at + 1), stored(names.get(at + 1), width));
    }

    private void head(Map<String, NDArray> slots, Set<String> constants, OutputHead head) throws IOException {
        List<String> names = config.family().classificationHead();
        if (head.kind() == OutputHead.Kind.NONE) {
            constants.addAll(names);
            names.forEach(name -> slots.put(name, owner.zeros(new Shape(1, width))));
            return;
        }
        if (stand(names.subList(0, 2))) {
            dense(slots, names, 0, width, width);
        } else {
            fresh.addAll(names.subList(0, 2));
            drawn.dense(slots, names, 0, width, width);
        }
        if (stand(names.subList(2, 4)) && head.isServedBy(config.head(), (int) rows(names.get(2)))) {
            dense(slots, names, 2, head.outputs(), width);
        } else {
            fresh.addAll(names.subList(2, 4));
            drawn.dense(slots, names, 2, head.outputs(), width);
        }
    }

    private void tokenHead(Map<String, NDArray> slots, List<String> names) throws IOException {
        long vocabulary = rows(config.family().embeddings().get(0));
        if (stand(names)) {
            dense(slots, names, 0, width, width);
            norm(slots, names, 2);
            slots.put(names.get(4), stored(names.get(4), vocabulary));
        } else {
            fresh.addAll(names);
            drawn.dense(slots, names, 0, width, width);
            drawn.norm(slots, names, 2, width);
            slots.put(names.get(4), drawn.constant(vocabulary, 0));
        }
    }

    private boolean stand(List<String> names) {
        return storedNames.keySet().containsAll(names);
    }

    /** What the header says of a weight's first dimension, where config.json does not say it. */
    private long rows(String name) {
        long[] shape = entry(name).shape();
        if (shape.length == 0 || shape[0] < 1) {
            throw new UnusableCheckpointException(
                    "weight " + name + " must have at least one row, got shape " + Arrays.toString(shape) + ".");
        }
        return shape[0];
    }

    private TensorEntry entry(String name) {
        String stored = storedNames.get(name);
        if (stored == null) {
            throw new UnusableCheckpointException("model.safetensors lacks the weight " + name
                    + ". Are config.json's model_type and sizes those of this checkpoint?");
        }
        return file.entries().get(stored);
    }

    private NDArray stored(String name, long... expected) throws IOException {
        long[] shape = entry(name).shape();
        if (!Arrays.equals(shape, expected)) {
            throw new UnusableCheckpointException("weight " + name + " must have shape " + Arrays.toString(expected)
                    + ", got " + Arrays.toString(shape)
                    + ". config.json and model.safetensors are not of one checkpoint.");
        }
        return file.array(owner, storedNames.get(name));
    }
}
