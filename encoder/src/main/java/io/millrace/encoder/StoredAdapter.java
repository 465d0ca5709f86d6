package io.millrace.encoder;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.config.AdapterConfig;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.safetensors.TensorEntry;
import io.millrace.schemas.store.UnusableCheckpointException;
import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An adapter on disk, in the layout of Hugging Face PEFT: matrices A [rank, i] and B [o, rank] for matrices W [o, i] of an encoder, and
 * whole weights that replace those of the encoder.
 *
 * @param config what {@code adapter_config.json} says
 * @param tensors those of the encoder and the adapter together
 */
record StoredAdapter(AdapterConfig config, StoredTensors tensors) {

    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";
    private static final int MOST_NAME_CHARS = 200;

    /**
     * Checks an adapter against its encoder.
     *
     * @param directory that of the adapter
     * @throws UnusableCheckpointException if it is for another encoder, or holds what is not supported
     */
    static StoredAdapter of(Path directory, EncoderConfig encoder, StoredTensors tensors) {
        StoredAdapter adapter = new StoredAdapter(AdapterConfig.read(directory), tensors);
        Map<String, long[]> matrices = new LinkedHashMap<>();
        Stream.of(Slots.body(encoder), Slots.headDense(encoder))
                .flatMap(List::stream)
                .filter(slot -> slot.role() == Slot.Role.MATRIX)
                .forEach(slot -> matrices.put(slot.name(), slot.shape()));
        Set<String> known = new HashSet<>(matrices.keySet());
        Stream.of(Slots.body(encoder), Slots.headDense(encoder), Slots.headScores(encoder, 1), Slots.tokenHead(encoder))
                .forEach(slots -> known.addAll(Slots.names(slots)));
        try (WeightFiles files = WeightFiles.open(WeightFiles.in(directory))) {
            for (String name : tensors.tensors().keySet()) {
                StoredTensors.Stored stored = requireNonNull(tensors.tensors().get(name));
                if (name.contains(".lora_")) {
                    adapter.requireOf(matrices, directory, name);
                } else if (files.replaces(stored.name()) && !known.contains(name)) {
                    throw new UnusableCheckpointException(directory + ": the adapter holds "
                            + LogSafe.line(stored.name(), MOST_NAME_CHARS)
                            + ", which is no weight of "
                            + encoder.architecture().modelType()
                            + ": of modules_to_save, the heads are supported. Merge the adapter into its encoder with PEFT, and give the"
                            + " merged one.");
                }
            }
            return adapter;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    private void requireOf(Map<String, long[]> matrices, Path directory, String name) {
        String stem = name.substring(0, name.indexOf(".lora_"));
        if (!name.equals(stem + A) && !name.equals(stem + B)) {
            throw new UnusableCheckpointException(directory + ": the adapter holds "
                    + LogSafe.line(name, MOST_NAME_CHARS)
                    + ", of which only lora_A and lora_B of linear layers are supported. Merge it into its encoder with PEFT, and give the"
                    + " merged one.");
        }
        long[] matrix = matrices.get(stem + ".weight");
        if (matrix == null) {
            throw another(directory, stem, "a matrix of that name", "none");
        }
        long rank = config.rank();
        requireShape(directory, stem + A, new long[] {rank, matrix[1]});
        requireShape(directory, stem + B, new long[] {matrix[0], rank});
    }

    private void requireShape(Path directory, String name, long[] expected) {
        StoredTensors.Stored stored = tensors.tensors().get(name);
        TensorEntry entry = stored == null ? null : stored.entry();
        if (entry == null || !Arrays.equals(entry.shape(), expected)) {
            throw another(
                    directory,
                    name,
                    "shape " + Arrays.toString(expected),
                    entry == null ? "no such tensor" : Arrays.toString(entry.shape()));
        }
    }

    private UnusableCheckpointException another(Path directory, String what, String expected, String got) {
        return new UnusableCheckpointException(directory + ": the adapter is not for the encoder in " + config.base()
                + ": " + LogSafe.line(what, MOST_NAME_CHARS) + " must have " + expected + " there, got " + got
                + ". Set base_model_name_or_path in " + AdapterConfig.FILE_NAME
                + " to the encoder that it was trained on.");
    }

    private boolean adapts(Slot slot) {
        return slot.role() == Slot.Role.MATRIX && tensors.hold(List.of(stem(slot) + A));
    }

    private static String stem(Slot slot) {
        return slot.name().substring(0, slot.name().lastIndexOf('.'));
    }

    private String stored(String name) {
        return requireNonNull(tensors.tensors().get(name), name).name();
    }

    /** A weight with its adapter, if it has one: W + scale * B A. Summed in Java in 64 bits, so the bytes are the same on every machine. */
    NDArray merged(NDManager owner, WeightFiles files, Slot slot) throws IOException {
        if (!adapts(slot)) {
            return files.array(owner, tensors.stored(slot));
        }
        ByteBuffer weight = files.floats(tensors.stored(slot));
        FloatBuffer w = weight.asFloatBuffer();
        FloatBuffer a = files.floats(stored(stem(slot) + A)).asFloatBuffer();
        FloatBuffer b = files.floats(stored(stem(slot) + B)).asFloatBuffer();
        int columns = (int) slot.shape()[1];
        double[] row = new double[columns];
        for (int i = 0; i < slot.shape()[0]; i++) {
            Arrays.fill(row, 0);
            for (int k = 0; k < config.rank(); k++) {
                double factor = b.get(i * config.rank() + k);
                for (int j = 0; j < columns; j++) {
                    row[j] += factor * a.get(k * columns + j);
                }
            }
            for (int j = 0; j < columns; j++) {
                int at = i * columns + j;
                w.put(at, (float) (w.get(at) + config.scale() * row[j]));
            }
        }
        return SafetensorsFile.array(owner, weight, slot.shape());
    }

    /**
     * The adapter's own matrices, in the order in which the passes read them, for training to go on with; those that {@code adaptation} does
     * not have are empty.
     */
    Map<String, NDArray> matrices(NDManager owner, WeightFiles files, Adaptation adaptation) throws IOException {
        Map<String, NDArray> matrices = new LinkedHashMap<>();
        for (Adaptation.Matrix matrix : adaptation.matrices()) {
            for (String name : List.of(matrix.weightA(), matrix.weightB())) {
                matrices.put(
                        name,
                        matrix.adapted()
                                ? files.array(owner, stored(name))
                                : WeightInitializer.placeholder(owner, matrix, name));
            }
        }
        return matrices;
    }
}
