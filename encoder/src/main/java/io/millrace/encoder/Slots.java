package io.millrace.encoder;

import io.millrace.encoder.config.Blocks;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.config.WeightNames;

import java.util.ArrayList;
import java.util.List;

/**
 * The weights that the kernels read, in their order, with their shapes according to a config.json: {@value #EMBEDDINGS} of the embeddings, {@value #LAYER} per layer, 2
 * of the norm after them or of embedded distances, 6 of the classification head, and 5 of the masked-token head. Families differ in which of them there are.
 */
final class Slots {

    /** Weights of the embeddings; those of the first layer follow. */
    static final int EMBEDDINGS = 7;

    /** Weights of a layer. */
    static final int LAYER = 16;

    private static final String ABSENT = "absent.";

    private final Blocks.Biases biases;
    private final List<Slot> slots = new ArrayList<>();

    private Slots(Blocks.Biases biases) {
        this.biases = biases;
    }

    /** Embeddings, layers and the norm after them, which every checkpoint holds. */
    static List<Slot> body(EncoderConfig config) {
        Slots body = new Slots(config.blocks().biases());
        body.embeddings(config);
        WeightNames names = config.architecture().names();
        EncoderConfig.Shape shape = config.shape();
        for (int layer = 0; layer < shape.layers(); layer++) {
            boolean normed = layer > 0 || !config.blocks().normFirst();
            body.layer(
                    names.layers() + layer + ".",
                    names.layer(),
                    shape.width(),
                    new long[] {config.blocks().gated() ? 2L * config.inner() : config.inner(), config.inner()},
                    normed);
        }
        body.norm(names.head().get(0), ABSENT + "final_norm", shape.width());
        return body.slots;
    }

    /** A layer of BERT's form, 16 weights. */
    static List<Slot> bertLayer(String at, long width, long inner) {
        Slots layer = new Slots(new Blocks.Biases(true, true, true, true, true));
        layer.layer(at, WeightNames.bertLayer(), width, new long[] {inner, inner}, true);
        return layer.slots;
    }

    /** What comes before the class scores: a dense layer and its norm. */
    static List<Slot> headDense(EncoderConfig config) {
        Slots head = new Slots(config.blocks().biases());
        WeightNames names = config.architecture().names();
        long width = config.shape().width();
        head.dense(names.head().get(1), width, width, head.biases.heads());
        head.norm(names.head().get(2), ABSENT + "head.norm", width);
        return head.slots;
    }

    /** The class scores, or the one score. */
    static List<Slot> headScores(EncoderConfig config, long outputs) {
        Slots head = new Slots(config.blocks().biases());
        head.dense(
                config.architecture().names().head().get(3),
                outputs,
                config.shape().width(),
                true);
        return head.slots;
    }

    /** The masked-token head; no slots if the family has none. What it shares with the classification head is absent here. */
    static List<Slot> tokenHead(EncoderConfig config) {
        Slots head = new Slots(config.blocks().biases());
        WeightNames names = config.architecture().names();
        List<String> stems = names.tokenHead();
        if (stems.isEmpty()) {
            return List.of();
        }
        long width = config.shape().width();
        if (names.sharesHead()) {
            for (String part : List.of("dense", "dense.bias", "norm", "norm.bias")) {
                head.slots.add(new Slot(ABSENT + "token." + part, Slot.Role.ABSENT, 0));
            }
        } else {
            head.dense(stems.get(0), width, width, head.biases.heads());
            head.norm(stems.get(1), ABSENT + "token.norm", width);
        }
        head.slots.add(head.bias(stems.get(3), config.vocabulary(), head.biases.decoder()));
        return head.slots;
    }

    /** What the masked-token head shares with the classification head; no slots if nothing. */
    static List<Slot> sharedHead(EncoderConfig config) {
        return config.architecture().names().sharesHead() ? headDense(config) : List.of();
    }

    /** Names of the weights that are there. */
    static List<String> names(List<Slot> slots) {
        return slots.stream()
                .filter(slot -> slot.role() != Slot.Role.ABSENT)
                .map(Slot::name)
                .toList();
    }

    private void embeddings(EncoderConfig config) {
        List<String> stems = config.architecture().names().embeddings();
        EncoderConfig.Shape shape = config.shape();
        long width = shape.embeddingWidth();
        matrix(stems.get(0), "words", config.vocabulary(), width);
        int distances = config.blocks().attention().get(0).distances();
        matrix(stems.get(1), "positions", distances > 0 ? 2L * distances : shape.positions(), width);
        matrix(shape.types() > 0 ? stems.get(2) : "", "types", shape.types(), width);
        norm(stems.get(3), ABSENT + "embeddings.norm", width);
        if (width == shape.width()) {
            absent("projection", width);
        } else {
            dense(stems.get(4), shape.width(), width, true);
        }
    }

    /**
     * Adds a layer.
     *
     * @param inner rows of the matrix up, and columns of the matrix down
     * @param normed whether it has the norm of its attention
     */
    private void layer(String at, List<String> stems, long width, long[] inner, boolean normed) {
        if (stems.get(1).isEmpty()) {
            dense(at + stems.get(0), 3 * width, width, biases.attention());
            absent(at + "key", width);
            absent(at + "value", width);
        } else {
            for (String stem : stems.subList(0, 3)) {
                dense(at + stem, width, width, biases.attention());
            }
        }
        dense(at + stems.get(3), width, width, biases.attention());
        norm(normed ? at + stems.get(4) : "", ABSENT + at + "norm", width);
        dense(at + stems.get(5), inner[0], width, biases.feedForward());
        dense(at + stems.get(6), width, inner[1], biases.feedForward());
        norm(at + stems.get(7), "", width);
    }

    private void matrix(String stem, String otherwise, long rows, long columns) {
        slots.add(
                stem.isEmpty()
                        ? new Slot(ABSENT + otherwise, Slot.Role.ABSENT, 0, columns)
                        : new Slot(stem + ".weight", Slot.Role.MATRIX, rows, columns));
    }

    private void dense(String stem, long rows, long columns, boolean biased) {
        slots.add(new Slot(stem + ".weight", Slot.Role.MATRIX, rows, columns));
        slots.add(bias(stem, rows, biased));
    }

    private void absent(String stem, long columns) {
        slots.add(new Slot(ABSENT + stem + ".weight", Slot.Role.ABSENT, 0, columns));
        slots.add(new Slot(ABSENT + stem + ".bias", Slot.Role.ABSENT, 0));
    }

    private void norm(String stem, String otherwise, long width) {
        if (stem.isEmpty()) {
            slots.add(new Slot(otherwise + ".weight", Slot.Role.ABSENT, 0));
            slots.add(new Slot(otherwise + ".bias", Slot.Role.ABSENT, 0));
        } else {
            slots.add(new Slot(stem + ".weight", Slot.Role.SCALE, width));
            slots.add(bias(stem, width, biases.norms()));
        }
    }

    private Slot bias(String stem, long rows, boolean there) {
        return new Slot(stem + ".bias", there ? Slot.Role.BIAS : Slot.Role.ABSENT, rows);
    }
}
