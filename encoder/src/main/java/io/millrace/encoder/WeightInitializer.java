package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.safetensors.SafetensorsFile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
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
        List<Slot> all = new ArrayList<>(Slots.body(config));
        boolean shared = config.architecture().names().sharesHead();
        Slots.headDense(config).forEach(slot -> all.add(shared ? slot : slot.absent()));
        Slots.headScores(config, 1).forEach(slot -> all.add(slot.absent()));
        List<Slot> tokenHead = Slots.tokenHead(config);
        all.addAll(tokenHead);
        Map<String, NDArray> slots = new LinkedHashMap<>();
        Set<String> constants = new HashSet<>();
        for (Slot slot : all) {
            slots.put(slot.name(), slot(slot));
            if (slot.role() == Slot.Role.ABSENT) {
                constants.add(slot.name());
            }
        }
        return new Weights(
                owner,
                slots,
                constants,
                Set.copyOf(Slots.names(tokenHead)),
                Set.copyOf(Slots.names(Slots.sharedHead(config))));
    }

    /**
     * The matrices of new adapters, in the order in which the passes read them: A is drawn as a linear layer is by PyTorch, B is 0, so that at
     * first they change nothing. Those of matrices without adapters are empty.
     */
    Map<String, NDArray> adapters(Adaptation adaptation) {
        Map<String, NDArray> matrices = new LinkedHashMap<>();
        long rank = adaptation.tuning().rank();
        for (Adaptation.Matrix matrix : adaptation.matrices()) {
            String a = matrix.weightA();
            String b = matrix.weightB();
            if (matrix.adapted()) {
                double bound = 1 / Math.sqrt((double) matrix.columns());
                float[] values = new float[Math.toIntExact(rank * matrix.columns())];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextDouble(-bound, bound);
                }
                matrices.put(a, array(values, rank, matrix.columns()));
                matrices.put(b, owner.zeros(new Shape(matrix.rows(), rank)));
            } else {
                matrices.put(a, placeholder(owner, matrix, a));
                matrices.put(b, placeholder(owner, matrix, b));
            }
        }
        return matrices;
    }

    /** What stands for the adapter of a matrix without one: of rank 0. */
    static NDArray placeholder(NDManager owner, Adaptation.Matrix matrix, String name) {
        return owner.zeros(
                name.equals(matrix.weightA()) ? new Shape(0, matrix.columns()) : new Shape(matrix.rows(), 0));
    }

    /** What a slot starts with. */
    NDArray slot(Slot slot) {
        long[] shape = slot.shape();
        return switch (slot.role()) {
            case MATRIX -> matrix(shape[0], shape[1]);
            case BIAS -> constant(shape[0], 0);
            case SCALE -> constant(shape[0], 1);
            case ABSENT -> owner.zeros(new Shape(shape));
        };
    }

    NDArray matrix(long rows, long columns) {
        return array(drawn(Math.toIntExact(rows * columns)), rows, columns);
    }

    NDArray constant(long size, float value) {
        float[] values = new float[Math.toIntExact(size)];
        Arrays.fill(values, value);
        return array(values, size);
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
