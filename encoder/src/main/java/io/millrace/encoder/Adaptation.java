package io.millrace.encoder;

import io.millrace.encoder.config.EncoderConfig;
import io.millrace.schemas.text.LogSafe;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which matrices of an encoder's layers have an adapter of low rank (LoRA, Hu et al. 2021, arXiv 2106.09685). A matrix W [o, i] then acts as
 * {@code W + scale * B A}, A [rank, i] and B [o, rank].
 *
 * @param tuning rank, scale and dropout
 * @param matrices the matrices of all layers, {@value #PER_LAYER} each; none without adapters
 */
record Adaptation(Tuning tuning, List<Matrix> matrices) {

    /** No adapters. */
    static final Adaptation NONE = new Adaptation(Tuning.FULL, List.of());

    /** Matrices of a layer: query, key, value, output, up, down. */
    static final int PER_LAYER = 6;

    /** Matrices of one kind read the same: 0 for query, key and value, then output, up and down. */
    static final int KINDS = 4;

    private static final List<String> ROLES = List.of("query", "key", "value", "output", "up", "down");
    private static final int[] PLACES = {0, 2, 4, 6, 10, 12};
    private static final int MOST_NAME_CHARS = 80;

    /**
     * A matrix of a layer.
     *
     * @param stem the name of its module
     * @param rows its rows; 0 if the family has no such matrix
     * @param columns its columns
     * @param adapted whether it has an adapter
     */
    record Matrix(String stem, long rows, long columns, boolean adapted) {

        Matrix withAdapter() {
            return new Matrix(stem, rows, columns, true);
        }

        String weightA() {
            return stem + ".lora_A.weight";
        }

        String weightB() {
            return stem + ".lora_B.weight";
        }
    }

    /**
     * The adapters that a tuning asks for.
     *
     * @throws IllegalArgumentException if a target matches nothing
     */
    static Adaptation of(EncoderConfig config, Tuning tuning) {
        if (tuning.mode() != Tuning.Mode.LORA) {
            return NONE;
        }
        List<Matrix> matrices = matrices(config);
        for (String target : tuning.targets()) {
            List<Integer> matched = IntStream.range(0, matrices.size())
                    .filter(i -> matches(matrices, i, target))
                    .boxed()
                    .toList();
            if (matched.isEmpty()) {
                throw new IllegalArgumentException("training.tuning.targets: \"" + LogSafe.line(target, MOST_NAME_CHARS)
                        + "\" matches no matrix of the layers of "
                        + config.architecture().modelType()
                        + ". Expected " + String.join(", ", ROLES) + ", or the end of the name of a module there, as "
                        + matrices.get(0).stem() + ".");
            }
            matched.forEach(i -> matrices.set(i, matrices.get(i).withAdapter()));
        }
        return new Adaptation(tuning, List.copyOf(matrices));
    }

    private static List<Matrix> matrices(EncoderConfig config) {
        List<Slot> body = Slots.body(config);
        List<Matrix> matrices = new ArrayList<>();
        for (int layer = 0; layer < config.shape().layers(); layer++) {
            for (int place : PLACES) {
                Slot slot = body.get(Slots.EMBEDDINGS + Slots.LAYER * layer + place);
                String stem = slot.name().substring(0, slot.name().lastIndexOf('.'));
                matrices.add(new Matrix(stem, slot.shape()[0], slot.shape()[1], false));
            }
        }
        return matrices;
    }

    /** Where one matrix holds queries, keys and values, each of their names means that one. */
    private static boolean matches(List<Matrix> matrices, int i, String target) {
        Matrix matrix = matrices.get(i);
        if (matrix.rows == 0) {
            return false;
        }
        int role = ROLES.indexOf(target);
        boolean joined = i % PER_LAYER == 0 && matrices.get(i + 1).rows == 0;
        return role == i % PER_LAYER
                || (joined && role >= 0 && role < PER_LAYER / 2)
                || matrix.stem.equals(target)
                || matrix.stem.endsWith("." + target);
    }

    boolean isEmpty() {
        return matrices.isEmpty();
    }

    /** For each kind of matrix, its place among the kinds with adapters; -1 for a kind without. */
    List<Integer> places() {
        List<Integer> places = new ArrayList<>();
        int next = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            places.add(isAdapted(kind) ? next++ : -1);
        }
        return places;
    }

    /** How many kinds of matrices have adapters. */
    int kinds() {
        return (int) IntStream.range(0, KINDS).filter(this::isAdapted).count();
    }

    private boolean isAdapted(int kind) {
        return IntStream.range(0, matrices.size())
                .anyMatch(i -> kind == Math.max(0, i % PER_LAYER - 2) && matrices.get(i).adapted);
    }

    /** Most columns of a matrix with an adapter: how much of each token adapters read. */
    long columns() {
        return matrices.stream()
                .filter(Matrix::adapted)
                .mapToLong(Matrix::columns)
                .max()
                .orElse(0);
    }
}
