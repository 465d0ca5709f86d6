package io.millrace.encoder;

import io.millrace.encoder.config.EncoderConfig;

import java.util.ArrayList;
import java.util.List;

/**
 * The places of the list in which the passes read weights, and which weights each is made of: the text of {@code prepare} as data, for a model
 * of which only some places are made anew in each step. Adapters come last.
 */
final class Places {

    private static final int ADAPTERS = 2 * Adaptation.PER_LAYER;
    private static final int PROJECTION = 5;

    private final List<Place> list = new ArrayList<>();

    /**
     * One place.
     *
     * @param parts the weights that it is made of, by their number in kernel order
     * @param form how
     */
    record Place(List<Integer> parts, Form form) {

        /** Name of the kernel that makes it. */
        String kernel() {
            return switch (form) {
                case WIDE -> "place";
                case HALF -> "place_half";
                case BLOCKS -> "place_blocks";
            };
        }
    }

    /** How a place is made. */
    enum Form {
        /** The weights one below the other, in 32 bits. */
        WIDE,
        /** The same in the compute type. */
        HALF,
        /** The weights along a diagonal, in the compute type. */
        BLOCKS
    }

    private Places() {}

    /** The places of an encoder with adapters, if it has any. */
    static List<Place> of(EncoderConfig config, boolean adapts) {
        Places places = new Places();
        int layers = config.shape().layers();
        int afterLayers = Slots.EMBEDDINGS + Slots.LAYER * layers;
        int base = Slots.body(config).size()
                + Slots.headDense(config).size()
                + Slots.headScores(config, 1).size()
                + Slots.tokenHead(config).size();
        for (int i = 0; i < Slots.EMBEDDINGS; i++) {
            places.add(i < PROJECTION ? Form.WIDE : Form.HALF, i);
        }
        for (int layer = 0; layer < layers; layer++) {
            boolean splits = config.blocks().readsSome() && layer == layers - 1;
            places.layer(Slots.EMBEDDINGS + Slots.LAYER * layer, splits);
        }
        for (int i = afterLayers; i < base; i++) {
            places.add(Form.WIDE, i);
        }
        for (int layer = 0; adapts && layer < layers; layer++) {
            places.adapters(base + ADAPTERS * layer, config.blocks().readsSome() && layer == layers - 1);
        }
        return places.list;
    }

    private void layer(int f, boolean splits) {
        queriesKeysValues(f, splits, Form.HALF);
        for (int i = 6; i < Slots.LAYER; i++) {
            boolean norm = i / 2 == 4 || i / 2 == 7;
            add(norm ? Form.WIDE : Form.HALF, f + i);
        }
    }

    private void adapters(int f, boolean splits) {
        queriesKeysValues(f, splits, Form.BLOCKS);
        for (int i = 6; i < ADAPTERS; i++) {
            add(Form.HALF, f + i);
        }
    }

    /**
     * Three pairs of weights as one pair, or, where the queries are those of some tokens alone, as two.
     *
     * @param second form of the second of each pair: a bias, or the matrix B of an adapter
     */
    private void queriesKeysValues(int f, boolean splits, Form second) {
        if (splits) {
            add(Form.HALF, f);
            add(second, f + 1);
            add(Form.HALF, f + 2, f + 4);
            add(second, f + 3, f + 5);
        } else {
            add(Form.HALF, f, f + 2, f + 4);
            add(second, f + 1, f + 3, f + 5);
        }
    }

    private void add(Form form, Integer... parts) {
        list.add(new Place(List.of(parts), form));
    }
}
