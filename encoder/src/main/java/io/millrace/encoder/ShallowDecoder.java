package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.safetensors.SafetensorsFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The decoder of a masked autoencoder (MAE-LM, Meng et al., ICLR 2024, arXiv 2302.02060): a few transformer layers with positions of
 * their own, which predict the masked tokens from the representations of the others. It is used in training only. Owns its weights.
 */
public final class ShallowDecoder implements AutoCloseable {

    private static final String PREFIX = "decoder.";

    private final NDManager owner;
    private final Map<String, NDArray> weights;

    private ShallowDecoder(NDManager owner, Map<String, NDArray> weights) {
        this.owner = owner;
        this.weights = weights;
    }

    /** Draws a new decoder for the encoder of {@code checkpoint}, with the same width and number of heads. */
    public static ShallowDecoder draw(
            EncoderCheckpoint checkpoint, NDManager parent, int layers, RandomGenerator random) {
        EncoderConfig.Shape shape = checkpoint.config().shape();
        NDManager owner = parent.newSubManager();
        WeightInitializer drawn = new WeightInitializer(owner, random, shape.initializerRange());
        List<Slot> slots = new ArrayList<>();
        slots.add(new Slot(PREFIX + "position_embeddings.weight", Slot.Role.MATRIX, shape.positions(), shape.width()));
        slots.add(new Slot(PREFIX + "LayerNorm.weight", Slot.Role.SCALE, shape.width()));
        slots.add(new Slot(PREFIX + "LayerNorm.bias", Slot.Role.BIAS, shape.width()));
        for (int layer = 0; layer < layers; layer++) {
            slots.addAll(Slots.bertLayer(
                    PREFIX + "layer." + layer + ".",
                    shape.width(),
                    checkpoint.config().inner()));
        }
        Map<String, NDArray> weights = new LinkedHashMap<>();
        slots.forEach(slot -> weights.put(slot.name(), drawn.slot(slot)));
        return new ShallowDecoder(owner, weights);
    }

    /** Loads weights that were written from {@link #byName}. */
    public void resume(Path file) {
        try (SafetensorsFile stored = SafetensorsFile.open(file)) {
            require(
                    stored.entries().keySet().equals(weights.keySet()),
                    file,
                    weights.size() + " weights",
                    Integer.toString(stored.entries().size()));
            for (Map.Entry<String, NDArray> weight : weights.entrySet()) {
                NDArray read = stored.array(owner, weight.getKey());
                Shape expected = weight.getValue().getShape();
                require(
                        read.getShape().equals(expected),
                        file,
                        weight.getKey() + " of shape " + expected,
                        read.getShape().toString());
                weight.getValue().close();
                weight.setValue(read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static void require(boolean holds, Path file, String expected, String got) {
        if (!holds) {
            throw new IllegalArgumentException(file + ": expected a decoder with " + expected + ", got " + got
                    + ". Keep objective.maskedTokens.decoder as it was, or start a task of another name.");
        }
    }

    /** The weights by name, in a fixed order. */
    public Map<String, NDArray> byName() {
        return Collections.unmodifiableMap(weights);
    }

    NDList inKernelOrder() {
        return new NDList(weights.values());
    }

    @Override
    public void close() {
        owner.close();
    }
}
