package io.millrace.encoder;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.config.EncoderConfig;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    private final int rowsAtOnce;
    private final SplittableRandom random;
    private final SplittableRandom seedsOfAdapters;

    /**
     * Masks of one pass, 1 where a value stays; empty without dropout.
     *
     * @param hidden shape [2 * layers - 1, tokens rounded up, width], or as wide as the embeddings if these are wider
     * @param attention shape [layers - 1, examples, heads, longest, longest]
     * @param last of the last layer, shape [2, read tokens, width]
     * @param lastAttention of the last layer, shape [1, examples, heads, most read tokens, longest]
     */
    record Masks(NDArray hidden, NDArray attention, NDArray last, NDArray lastAttention) {}

    /**
     * Masks for an encoder.
     *
     * @param dropout probabilities; a probability of 0 draws nothing
     * @param rowsAtOnce of whose multiples the passes' rows are
     * @param seed what all masks follow from
     */
    DropoutMasks(EncoderConfig.Shape shape, EncoderConfig.Dropout dropout, int rowsAtOnce, RandomGenerator seed) {
        this.rowsAtOnce = rowsAtOnce;
        this.shape = shape;
        this.dropout = dropout;
        long root = seed.nextLong();
        random = new SplittableRandom(root);
        seedsOfAdapters = new SplittableRandom(root + 1);
    }

    /** The mask that the kernels read as no dropout: it is empty. */
    static NDArray none(NDManager scope) {
        return scope.create(new Shape(0), DataType.UINT8);
    }

    /**
     * The numbers that the masks' shapes follow from.
     *
     * @param tokens in all
     * @param examples of the batch
     * @param longest tokens of the longest example
     * @param read tokens whose last layer is computed
     * @param mostRead of one example
     */
    record Sizes(long tokens, long examples, long longest, long read, long mostRead) {

        static Sizes of(TextBatch batch, TextBatch.Tokens read) {
            return new Sizes(
                    batch.tokens(),
                    batch.size(),
                    batch.layout().mask().getShape().get(3),
                    read.at().size(),
                    read.frame().getShape().get(0));
        }
    }

    /** Draws the masks of one pass. */
    Masks draw(NDManager scope, Sizes of) {
        if (dropout.hidden() == 0 && dropout.attention() == 0) {
            NDArray none = none(scope);
            return new Masks(none, none, none, none);
        }
        long layers = shape.layers();
        long width = Math.max(shape.width(), shape.embeddingWidth());
        long heads = shape.heads();
        return new Masks(
                draw(scope, new Shape(2 * layers - 1, roundedUp(of.tokens), width), dropout.hidden()),
                draw(scope, new Shape(layers - 1, of.examples, heads, of.longest, of.longest), dropout.attention()),
                draw(scope, new Shape(2, of.read, width), dropout.hidden()),
                draw(scope, new Shape(1, of.examples, heads, of.mostRead, of.longest), dropout.attention()));
    }

    /** Draws the mask of what the class scores read. Shape [1, examples, width], or empty without dropout. */
    NDArray drawHeadInput(NDManager scope, long examples) {
        return drawHead(scope, examples, dropout.headInput());
    }

    /** Draws the mask before the class scores. Shape [1, examples, width], or empty without dropout. */
    NDArray drawHead(NDManager scope, long examples) {
        return drawHead(scope, examples, dropout.head());
    }

    /**
     * Draws the masks of what adapters read. Shape [layers * kinds, tokens rounded up, columns], or empty without dropout. All other masks are the
     * same with adapters and without.
     *
     * @param tokens rows that a layer's matrices multiply at most
     */
    NDArray drawAdapters(NDManager scope, long tokens, Adaptation adapters) {
        double probability = adapters.tuning().dropout();
        return adapters.isEmpty() || probability == 0
                ? none(scope)
                : new DropoutMasks(shape, dropout, rowsAtOnce, seedsOfAdapters)
                        .draw(
                                scope,
                                new Shape(
                                        (long) shape.layers() * adapters.kinds(),
                                        roundedUp(tokens),
                                        adapters.columns()),
                                probability);
    }

    private long roundedUp(long tokens) {
        return (tokens + rowsAtOnce - 1) / rowsAtOnce * rowsAtOnce;
    }

    private NDArray drawHead(NDManager scope, long examples, double probability) {
        return probability == 0 ? none(scope) : draw(scope, new Shape(1, examples, shape.width()), probability);
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
        if (of.size() == 0) {
            return mask;
        }
        for (long i = 0; i < of.get(0); i++) {
            // A buffer holds at most 2 GiB, a whole mask may be larger.
            try (NDArray part = mask.get(i)) {
                fill(part.toByteBuffer(true), (int) Math.round(probability * RANGE));
            }
        }
        return mask;
    }

    private void fill(ByteBuffer mask, int dropBelow) {
        mask.order(ByteOrder.LITTLE_ENDIAN);
        int i = mask.position();
        for (; i + DRAWS_PER_LONG <= mask.limit(); i += DRAWS_PER_LONG) {
            long draw = random.nextLong();
            mask.putInt(
                    i,
                    stays(draw, dropBelow)
                            | stays(draw >>> DRAW_BITS, dropBelow) << Byte.SIZE
                            | stays(draw >>> (2 * DRAW_BITS), dropBelow) << (2 * Byte.SIZE)
                            | stays(draw >>> (3 * DRAW_BITS), dropBelow) << (3 * Byte.SIZE));
        }
        for (; i < mask.limit(); i++) {
            mask.put(i, (byte) stays(random.nextLong(), dropBelow));
        }
    }

    /** 1 unless the draw's lowest bits are below; without a branch, which no processor could predict. */
    private static int stays(long draw, int dropBelow) {
        return 1 + (((int) (draw & 0xffff) - dropBelow) >> (Integer.SIZE - 1));
    }
}
