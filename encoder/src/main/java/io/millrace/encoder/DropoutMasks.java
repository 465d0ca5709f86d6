package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.torchscript.TorchScriptModule;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Draws dropout masks. libtorch draws one number at a time on the CPU, which takes a third of a forward pass of a small
 * encoder; here one 64-bit draw decides four values. The draws are those of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), whose k-th is
 * a function of seed and k. So a GPU draws its masks where they are used, all at once, and they have the bits of those
 * that Java draws for the CPU.
 */
final class DropoutMasks {

    private static final int DRAW_BITS = 16;
    private static final int DRAWS_PER_LONG = Long.SIZE / DRAW_BITS;
    private static final double RANGE = 1 << DRAW_BITS;
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private final EncoderConfig.Shape shape;
    private final EncoderConfig.Dropout dropout;
    private final int rowsAtOnce;
    private final SplittableRandom seedsOfAdapters;
    private final Optional<OnDevice> onDevice;
    private long state;

    /** What draws masks on a GPU. */
    record OnDevice(TorchScriptModule kernels, Uploads uploads) {

        /** Kernels on the device of {@code owner}. */
        static OnDevice load(NDManager owner, Uploads uploads) {
            return new OnDevice(TorchScriptModule.load(owner, "Masks", Map.of()), uploads);
        }
    }

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
     * @param onDevice draws masks where they are used; empty if Java does
     */
    DropoutMasks(
            EncoderConfig.Shape shape,
            EncoderConfig.Dropout dropout,
            int rowsAtOnce,
            RandomGenerator seed,
            Optional<OnDevice> onDevice) {
        this.rowsAtOnce = rowsAtOnce;
        this.shape = shape;
        this.dropout = dropout;
        this.onDevice = onDevice;
        state = seed.nextLong();
        seedsOfAdapters = new SplittableRandom(state + 1);
    }

    /** What draws no masks. */
    static DropoutMasks none(EncoderConfig.Shape shape) {
        return new DropoutMasks(shape, EncoderConfig.Dropout.NONE, 1, () -> 0, Optional.empty());
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
        NDList masks = draw(
                scope,
                List.of(
                        new Shape(2 * layers - 1, roundedUp(of.tokens), width),
                        new Shape(layers - 1, of.examples, heads, of.longest, of.longest),
                        new Shape(2, of.read, width),
                        new Shape(1, of.examples, heads, of.mostRead, of.longest)),
                dropout.hidden(),
                dropout.attention(),
                dropout.hidden(),
                dropout.attention());
        return new Masks(masks.get(0), masks.get(1), masks.get(2), masks.get(3));
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
                : new DropoutMasks(shape, dropout, rowsAtOnce, seedsOfAdapters, onDevice)
                        .draw(
                                scope,
                                List.of(new Shape(
                                        (long) shape.layers() * adapters.kinds(),
                                        roundedUp(tokens),
                                        adapters.columns())),
                                probability)
                        .get(0);
    }

    private long roundedUp(long tokens) {
        return (tokens + rowsAtOnce - 1) / rowsAtOnce * rowsAtOnce;
    }

    private NDArray drawHead(NDManager scope, long examples, double probability) {
        return probability == 0
                ? none(scope)
                : draw(scope, List.of(new Shape(1, examples, shape.width())), probability)
                        .get(0);
    }

    private NDList draw(NDManager scope, List<Shape> shapes, double... probabilities) {
        if (onDevice.isPresent()) {
            return draw(onDevice.get(), scope, shapes, probabilities);
        }
        NDList masks = new NDList();
        for (int i = 0; i < probabilities.length; i++) {
            masks.add(draw(scope, shapes.get(i), dropBelow(probabilities[i])));
        }
        return masks;
    }

    private NDList draw(OnDevice device, NDManager scope, List<Shape> shapes, double... probabilities) {
        long[] numbers = new long[2 * probabilities.length];
        List<NDArray> like = new ArrayList<>();
        for (int i = 0; i < probabilities.length; i++) {
            Shape of = shapes.get(i);
            numbers[2 * i] = state;
            numbers[2 * i + 1] = dropBelow(probabilities[i]);
            state += draws(of) * GOLDEN_GAMMA;
            like.add(scope.create(of.add(0), DataType.UINT8));
        }
        return device.kernels.call(scope, "draw", device.uploads.array(scope, numbers), like);
    }

    /** One draw decides four values of a part, and each of its last ones has a draw of its own. */
    private static long draws(Shape of) {
        long size = of.slice(1).size();
        return of.get(0) * (size / DRAWS_PER_LONG + size % DRAWS_PER_LONG);
    }

    private static int dropBelow(double probability) {
        return (int) Math.round(probability * RANGE);
    }

    /** The memory is libtorch's own and is freed with the scope. */
    private NDArray draw(NDManager scope, Shape of, int dropBelow) {
        NDArray mask = scope.create(of, DataType.UINT8);
        if (of.size() == 0) {
            return mask;
        }
        for (long i = 0; i < of.get(0); i++) {
            // A buffer holds at most 2 GiB, a whole mask may be larger.
            try (NDArray part = mask.get(i)) {
                fill(part.toByteBuffer(true), dropBelow);
            }
        }
        return mask;
    }

    private void fill(ByteBuffer mask, int dropBelow) {
        mask.order(ByteOrder.LITTLE_ENDIAN);
        int i = mask.position();
        for (; i + DRAWS_PER_LONG <= mask.limit(); i += DRAWS_PER_LONG) {
            long draw = nextLong();
            mask.putInt(
                    i,
                    stays(draw, dropBelow)
                            | stays(draw >>> DRAW_BITS, dropBelow) << Byte.SIZE
                            | stays(draw >>> (2 * DRAW_BITS), dropBelow) << (2 * Byte.SIZE)
                            | stays(draw >>> (3 * DRAW_BITS), dropBelow) << (3 * Byte.SIZE));
        }
        for (; i < mask.limit(); i++) {
            mask.put(i, (byte) stays(nextLong(), dropBelow));
        }
    }

    /** 1 unless the draw's lowest bits are below; without a branch, which no processor could predict. */
    private static int stays(long draw, int dropBelow) {
        return 1 + (((int) (draw & 0xffff) - dropBelow) >> (Integer.SIZE - 1));
    }

    private long nextLong() {
        state += GOLDEN_GAMMA;
        long z = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
