package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    private final RandomGenerator random;
    private final Map<String, String> storedNames;
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
        this.random = random;
        this.storedNames = canonicalNames(config.family(), file);
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
     * @param labels number of classes
     * @param keepHead whether the file's classification head may serve: false starts a fresh one
     */
    Weights load(int labels, boolean keepHead) throws IOException {
        Map<String, NDArray> slots = new LinkedHashMap<>();
        Set<String> constants = new HashSet<>();
        EncoderConfig.Shape shape = config.shape();
        List<String> embeddings = config.family().embeddings();
        for (String name : embeddings) {
            if (name.equals(embeddings.get(2)) && shape.types() == 0) {
                constants.add(name);
                slots.put(name, owner.zeros(new Shape(1, shape.width())));
            } else {
                slots.put(name, stored(name));
            }
        }
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (String name : config.family().layer(layer)) {
                slots.put(name, stored(name));
            }
        }
        head(slots, config.family().classificationHead(), labels, keepHead);
        tokenHead(slots);
        check(slots, labels);
        return new Weights(owner, slots, constants, Set.copyOf(config.family().tokenHead()));
    }

    /** Names of the weights that the file lacks and that were drawn or set to zero instead. */
    List<String> fresh() {
        return fresh;
    }

    private void head(Map<String, NDArray> slots, List<String> names, int labels, boolean keepHead) throws IOException {
        int width = config.shape().width();
        List<String> scores = names.subList(2, 4);
        boolean scoresStand = keepHead && storedNames.keySet().containsAll(scores);
        boolean denseStands = storedNames.keySet().containsAll(names.subList(0, 2));
        slots.put(names.get(0), denseStands ? stored(names.get(0)) : drawn(names.get(0), width, width));
        slots.put(names.get(1), denseStands ? stored(names.get(1)) : constant(names.get(1), width, 0));
        slots.put(names.get(2), scoresStand ? stored(names.get(2)) : drawn(names.get(2), labels, width));
        slots.put(names.get(3), scoresStand ? stored(names.get(3)) : constant(names.get(3), labels, 0));
    }

    private void tokenHead(Map<String, NDArray> slots) throws IOException {
        List<String> names = config.family().tokenHead();
        int width = config.shape().width();
        if (storedNames.keySet().containsAll(names)) {
            for (String name : names) {
                slots.put(name, stored(name));
            }
        } else {
            slots.put(names.get(0), drawn(names.get(0), width, width));
            slots.put(names.get(1), constant(names.get(1), width, 0));
            slots.put(names.get(2), constant(names.get(2), width, 1));
            slots.put(names.get(3), constant(names.get(3), width, 0));
            long vocabulary = slots.values().iterator().next().getShape().get(0);
            slots.put(names.get(4), constant(names.get(4), vocabulary, 0));
        }
    }

    private void check(Map<String, NDArray> slots, int labels) {
        int width = config.shape().width();
        List<String> head = config.family().classificationHead();
        expect(slots, head.get(2), new Shape(labels, width));
        expect(
                slots,
                config.family().embeddings().get(1),
                new Shape(config.shape().positions(), width));
        slots.forEach((name, array) -> {
            Shape shape = array.getShape();
            if (shape.dimension() == 2 && shape.get(1) != width && !isFeedForwardDown(array)) {
                throw new IllegalArgumentException(
                        "weight " + name + " must have width " + width + " as config.json says, got " + shape
                                + ". config.json and model.safetensors are not of one checkpoint.");
            }
        });
    }

    private boolean isFeedForwardDown(NDArray array) {
        return array.getShape().get(0) == config.shape().width();
    }

    private static void expect(Map<String, NDArray> slots, String name, Shape expected) {
        Shape got = slots.get(name).getShape();
        if (!got.equals(expected)) {
            throw new IllegalArgumentException("weight " + name + " must have shape " + expected + ", got " + got
                    + ". config.json and model.safetensors are not of one checkpoint.");
        }
    }

    private NDArray stored(String name) throws IOException {
        String stored = storedNames.get(name);
        if (stored == null) {
            throw new IllegalArgumentException("model.safetensors lacks the weight " + name
                    + ". Is config.json's model_type that of this checkpoint?");
        }
        return file.array(owner, stored);
    }

    private NDArray drawn(String name, long rows, long columns) {
        fresh.add(name);
        float[] values = new float[Math.toIntExact(rows * columns)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian(0, config.shape().initializerRange());
        }
        return array(values, rows, columns);
    }

    private NDArray constant(String name, long size, float value) {
        fresh.add(name);
        float[] values = new float[Math.toIntExact(size)];
        Arrays.fill(values, value);
        return array(values, size);
    }

    private NDArray array(float[] values, long... shape) {
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
        buffer.asFloatBuffer().put(values);
        return SafetensorsFile.array(owner, buffer, shape);
    }
}
