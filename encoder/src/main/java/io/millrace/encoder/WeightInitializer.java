package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.config.Architecture;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.safetensors.SafetensorsFile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Weights that no checkpoint holds: matrices are drawn from a normal distribution, biases are 0, norms are 1. */
final class WeightInitializer {

    private final NDManager owner;
    private final RandomGenerator random;
    private final double standardDeviation;

    /**
     * A source of weights.
     *
     * @param owner takes the arrays
     */
    WeightInitializer(NDManager owner, RandomGenerator random, double standardDeviation) {
        this.owner = owner;
        this.random = random;
        this.standardDeviation = standardDeviation;
    }

    /**
     * Draws an encoder that was never trained, for pre-training from scratch: all weights of its layers and of its masked-token head.
     * Sizes come from {@code config}. There is no head for a task.
     */
    Weights encoder(EncoderConfig config) {
        EncoderConfig.Shape shape = config.shape();
        Architecture architecture = config.architecture();
        int width = shape.width();
        int vocabulary = config.vocabulary();
        Map<String, NDArray> slots = new LinkedHashMap<>();
        List<String> embeddings = architecture.embeddings();
        slots.put(embeddings.get(0), matrix(vocabulary, width));
        slots.put(embeddings.get(1), matrix(shape.positions(), width));
        slots.put(embeddings.get(2), matrix(Math.max(1, shape.types()), width));
        norm(slots, embeddings, 3, width);
        for (int layer = 0; layer < shape.layers(); layer++) {
            slots.putAll(layer(architecture.layer(layer), width, config.inner()));
        }
        Set<String> constants = new HashSet<>(architecture.classificationHead());
        architecture.classificationHead().forEach(name -> slots.put(name, owner.zeros(new Shape(1, width))));
        if (shape.types() == 0) {
            constants.add(embeddings.get(2));
            slots.put(embeddings.get(2), owner.zeros(new Shape(1, width)));
        }
        List<String> head = architecture.tokenHead();
        dense(slots, head, 0, width, width);
        norm(slots, head, 2, width);
        slots.put(head.get(4), constant(vocabulary, 0));
        return new Weights(owner, slots, constants, Set.copyOf(head));
    }

    NDArray matrix(long rows, long columns) {
        return array(drawn(Math.toIntExact(rows * columns)), rows, columns);
    }

    NDArray constant(long size, float value) {
        float[] values = new float[Math.toIntExact(size)];
        Arrays.fill(values, value);
        return array(values, size);
    }

    /** The 16 weights of a transformer layer, in the order of the kernels, by name. */
    Map<String, NDArray> layer(List<String> names, long width, long inner) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        for (int dense = 0; dense < 8; dense += 2) {
            dense(weights, names, dense, width, width);
        }
        norm(weights, names, 8, width);
        dense(weights, names, 10, inner, width);
        dense(weights, names, 12, width, inner);
        norm(weights, names, 14, width);
        return weights;
    }

    void dense(Map<String, NDArray> weights, List<String> names, int at, long rows, long columns) {
        weights.put(names.get(at), matrix(rows, columns));
        weights.put(names.get(at + 1), constant(rows, 0));
    }

    void norm(Map<String, NDArray> weights, List<String> names, int at, long width) {
        weights.put(names.get(at), constant(width, 1));
        weights.put(names.get(at + 1), constant(width, 0));
    }

    /** A copy of {@code old} under this source's owner with more rows: drawn ones for a matrix, zeros for a vector. */
    NDArray grown(NDArray old, long rows) {
        long[] shape = old.getShape().getShape();
        long columns = shape.length == 1 ? 1 : shape[1];
        float[] values = Arrays.copyOf(old.toFloatArray(), Math.toIntExact(rows * columns));
        int kept = Math.toIntExact(shape[0] * columns);
        if (shape.length > 1) {
            System.arraycopy(drawn(values.length - kept), 0, values, kept, values.length - kept);
        }
        shape[0] = rows;
        return array(values, shape);
    }

    /**
     * An array with some of its rows from a stored one: the others are drawn for a matrix, zeros for a vector.
     *
     * @param rows number of rows of the new array
     * @param shape shape of the stored one
     * @param taken for rows of the new array, the row of the stored one to copy
     */
    NDArray withRows(int rows, FloatBuffer stored, long[] shape, Map<Integer, Integer> taken) {
        int columns = shape.length == 1 ? 1 : Math.toIntExact(shape[1]);
        float[] values = shape.length == 1 ? new float[rows] : drawn(Math.multiplyExact(rows, columns));
        taken.forEach((row, from) -> stored.get(from * columns, values, row * columns, columns));
        long[] whole = shape.clone();
        whole[0] = rows;
        return array(values, whole);
    }

    private float[] drawn(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian(0, standardDeviation);
        }
        return values;
    }

    private NDArray array(float[] values, long... shape) {
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
        buffer.asFloatBuffer().put(values);
        return SafetensorsFile.array(owner, buffer, shape);
    }
}
