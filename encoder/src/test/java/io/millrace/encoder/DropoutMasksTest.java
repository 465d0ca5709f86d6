package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.config.EncoderConfig;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

class DropoutMasksTest extends NativeScope {

    private static final EncoderConfig.Shape SHAPE = new EncoderConfig.Shape(2, 3, 6, 6, 64, 2, 0, 1e-12, 0.02);
    private static final int TOKENS = 31;
    private static final DropoutMasks.Sizes SIZES = new DropoutMasks.Sizes(TOKENS, 5, 9, 7, 2);

    @Test
    void shouldCoverEveryPlaceThatDropsOut() {
        // When
        DropoutMasks.Masks keep = masks(0.1, 0.1, 1).draw(scope, SIZES);

        // Then
        assertThat(keep.hidden().getShape()).isEqualTo(new Shape(3, 32, 6));
        assertThat(keep.attention().getShape()).isEqualTo(new Shape(1, 5, 3, 9, 9));
        assertThat(keep.last().getShape()).isEqualTo(new Shape(2, 7, 6));
        assertThat(keep.lastAttention().getShape()).isEqualTo(new Shape(1, 5, 3, 2, 9));
    }

    @Test
    void shouldDropTheStatedShare() {
        // When
        DropoutMasks.Masks keep = masks(0.1, 0.4, 1).draw(scope, new DropoutMasks.Sizes(5_000, 40, 30, 5_000, 30));

        // Then
        assertThat(share(keep.hidden())).isCloseTo(0.9, within(0.003));
        assertThat(share(keep.attention())).isCloseTo(0.6, within(0.003));
    }

    @Test
    void shouldDrawNothingWithoutDropout() {
        // When
        DropoutMasks.Masks keep = masks(0, 0, 1).draw(scope, SIZES);

        // Then
        assertThat(keep.hidden().size()).isZero();
        assertThat(keep.attention().size()).isZero();
    }

    @Test
    void shouldFollowFromTheGeneratorAlone() {
        // When
        DropoutMasks masks = masks(0.3, 0.3, 1);
        byte[] first = hidden(masks);
        byte[] again = hidden(masks(0.3, 0.3, 1));
        byte[] later = hidden(masks);
        byte[] otherSeed = hidden(masks(0.3, 0.3, 2));

        // Then
        assertThat(again).isEqualTo(first);
        assertThat(later).isNotEqualTo(first);
        assertThat(otherSeed).isNotEqualTo(first);
    }

    @Test
    void shouldKeepTheMasksOfAStepWhileItDrawsMore() {
        // Given
        DropoutMasks masks = masks(0.3, 0.3, 1);
        NDArray first = masks.draw(scope, SIZES).hidden();
        byte[] before = first.toByteArray();

        // When
        for (int pass = 0; pass < 50; pass++) {
            masks.draw(scope, SIZES);
        }

        // Then
        assertThat(first.toByteArray()).isEqualTo(before);
    }

    @Test
    void shouldDrawWhatTheGeneratorOfJavaDraws() {
        // Given
        SplittableRandom draws = new SplittableRandom(new SplittableRandom(5).nextLong());

        // When
        byte[] mask = masks(0.25, 0, 5).draw(scope, SIZES).hidden().toByteArray();

        // Then
        for (int i = 0; i < mask.length; i += 4) {
            long draw = draws.nextLong();
            for (int k = 0; k < 4; k++) {
                assertThat(mask[i + k]).isEqualTo((byte) ((draw >>> (16 * k) & 0xffff) < 0x4000 ? 0 : 1));
            }
        }
    }

    @Test
    void shouldDrawTheSameBitsWhereTheyAreUsed() {
        // Given
        DropoutMasks inJava = masks(0.3, 0.1, 7);
        DropoutMasks onDevice = masks(
                0.3, 0.1, 7, Optional.of(DropoutMasks.OnDevice.load(scope, Uploads.joined(scope, /* pinned */ false))));

        for (DropoutMasks.Sizes sizes : new DropoutMasks.Sizes[] {SIZES, new DropoutMasks.Sizes(1, 1, 1, 0, 1)}) {
            // When
            DropoutMasks.Masks expected = inJava.draw(scope, sizes);
            DropoutMasks.Masks drawn = onDevice.draw(scope, sizes);

            // Then
            assertThat(same(drawn.hidden(), expected.hidden())).isTrue();
            assertThat(same(drawn.attention(), expected.attention())).isTrue();
            assertThat(same(drawn.last(), expected.last())).isTrue();
            assertThat(same(drawn.lastAttention(), expected.lastAttention())).isTrue();
            assertThat(same(onDevice.drawHead(scope, 5), inJava.drawHead(scope, 5)))
                    .isTrue();
        }
    }

    private static boolean same(NDArray drawn, NDArray expected) {
        return drawn.getDataType() == expected.getDataType()
                && drawn.getShape().equals(expected.getShape())
                && Arrays.equals(drawn.toByteArray(), expected.toByteArray());
    }

    private static DropoutMasks masks(double hidden, double attention, long seed) {
        return masks(hidden, attention, seed, Optional.empty());
    }

    private static DropoutMasks masks(
            double hidden, double attention, long seed, Optional<DropoutMasks.OnDevice> onDevice) {
        return new DropoutMasks(
                SHAPE, new EncoderConfig.Dropout(hidden, attention, 0.2, 0), 4, new SplittableRandom(seed), onDevice);
    }

    private byte[] hidden(DropoutMasks masks) {
        return masks.draw(scope, SIZES).hidden().toByteArray();
    }

    private static double share(NDArray keep) {
        double kept = 0;
        for (byte one : keep.toByteArray()) {
            kept += one;
        }
        return kept / keep.size();
    }
}
