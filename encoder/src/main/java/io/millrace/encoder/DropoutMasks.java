package io.millrace.encoder;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.config.EncoderConfig;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Draws dropout masks in Java. libtorch draws one number at a time on the CPU, which takes a third of a forward pass of a small
 * encoder; here one 64-bit draw decides four values. The masks follow from the generator alone, whatever the device.
 */
final class DropoutMasks {

    private static final int DRAW_BITS = 16;
    private static final int DRAWS_PER_LONG = Long.SIZE / DRAW_BITS;
    private static final double RANGE = 1 << DRAW_BITS;

    private final EncoderConfig.Shape shape;
    private final EncoderConfig.Dropout dropout;
    private SplittableRandom random = new SplittableRandom(0);

    /**
     * Masks of one pass, 1 where a value stays; empty without dropout.
     *
     * @param hidden shape [2 * layers + 1, tokens, width], or as wide as the embeddings if these are wider
     * @param attention shape [layers, examples, heads, longest, longest]
     */
    record Masks(NDArray hidden, NDArray attention) {}

    /**
     * Masks for an encoder.
     *
     * @param dropout probabilities; both 0 draws nothing
     */
    DropoutMasks(EncoderConfig.Shape shape, EncoderConfig.Dropout dropout) {
        this.shape = shape;
        this.dropout = dropout;
    }

    /** The mask that the kernels read as no dropout: it is empty. */
    static NDArray none(NDManager scope) {
        return scope.create(new Shape(0), DataType.UINT8);
    }

    /** Begins a step. */
    void restart(RandomGenerator seed) {
        random = new SplittableRandom(seed.nextLong());
    }

    /**
     * Draws the masks of one pass.
     *
     * @param tokens tokens of the batch
     * @param attended shape of its mask, [examples, 1, 1, longest]
     */
    Masks draw(NDManager scope, int tokens, Shape attended) {
        if (dropout.hidden() == 0 && dropout.attention() == 0) {
            return new Masks(none(scope), none(scope));
        }
        long longest = attended.get(3);
        Shape hidden = new Shape(2L * shape.layers() + 1, tokens, Math.max(shape.width(), shape.embeddingWidth()));
        Shape attention = new Shape(shape.layers(), attended.get(0), shape.heads(), longest, longest);
        return new Masks(draw(scope, hidden, dropout.hidden()), draw(scope, attention, dropout.attention()));
    }

    /** The memory is libtorch's own and is freed with the scope. For a GPU, masks are drawn on the CPU and copied. */
    private NDArray draw(NDManager scope, Shape of, double probability) {
        if (scope.getDevice().isGpu()) {
            try (NDManager host = scope.newSubManager(Device.cpu())) {
                NDArray copy = draw(host, of, probability).toDevice(scope.getDevice(), false);
                copy.attach(scope);
                return copy;
            }
        }
        NDArray mask = scope.create(of, DataType.UINT8);
        for (long i = 0; i < of.get(0); i++) {
            // A buffer holds at most 2 GiB, a whole mask may be larger.
            try (NDArray part = mask.get(i)) {
                fill(part.toByteBuffer(true), (int) Math.round(probability * RANGE));
            }
        }
        return mask;
    }

    private void fill(ByteBuffer mask, int dropBelow) {
        int i = mask.position();
        for (; i + DRAWS_PER_LONG <= mask.limit(); i += DRAWS_PER_LONG) {
            long draw = random.nextLong();
            mask.put(i, stays(draw, dropBelow));
            mask.put(i + 1, stays(draw >>> DRAW_BITS, dropBelow));
            mask.put(i + 2, stays(draw >>> (2 * DRAW_BITS), dropBelow));
            mask.put(i + 3, stays(draw >>> (3 * DRAW_BITS), dropBelow));
        }
        for (; i < mask.limit(); i++) {
            mask.put(i, stays(random.nextLong(), dropBelow));
        }
    }

    private static byte stays(long draw, int dropBelow) {
        return (byte) ((draw & 0xffff) < dropBelow ? 0 : 1);
    }
}
