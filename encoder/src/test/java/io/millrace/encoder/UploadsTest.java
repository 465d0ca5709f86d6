package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.tokens.TokenizedText;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.Supplier;

class UploadsTest extends NativeScope {

    private Uploads joined;

    @BeforeEach
    void join() {
        joined = Uploads.joined(scope, /* pinned */ false);
    }

    @Test
    void shouldBringEachArrayAsItIs() {
        // When
        Uploads.Upload upload = joined.to(scope);
        Supplier<NDArray> longs = upload.add(Long.MIN_VALUE, -1, Long.MAX_VALUE);
        Supplier<NDArray> nothing = upload.add(new long[0]);
        Supplier<NDArray> flags = upload.add(new boolean[] {true, false, true, true}, new Shape(2, 1, 1, 2));
        Supplier<NDArray> floats = upload.add(-0f, 1.1f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY);
        upload.send();

        // Then
        assertThat(longs.get().toLongArray()).containsExactly(Long.MIN_VALUE, -1, Long.MAX_VALUE);
        assertThat(nothing.get().getShape()).isEqualTo(new Shape(0));
        assertThat(flags.get().getShape()).isEqualTo(new Shape(2, 1, 1, 2));
        assertThat(flags.get().toBooleanArray()).containsExactly(true, false, true, true);
        assertThat(floats.get().toFloatArray()).containsExactly(-0f, 1.1f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY);
    }

    @Test
    void shouldPackTheSameBatch() {
        // Given
        List<TokenizedText> texts = List.of(text(2, 5, 3), text(2, 3), text(2, 7, 8, 9, 3));
        TextBatch expected = TextBatch.pack(scope, texts, 1, true).keeping(scope, kept());

        // When
        Uploads.Upload upload = joined.to(scope);
        Supplier<TextBatch> whole = TextBatch.pack(joined, upload, texts, 1, true);
        upload.send();
        TextBatch packed = whole.get().keeping(scope, kept());

        // Then
        assertThat(packed.ids()).isEqualTo(expected.ids());
        assertThat(packed.layout()).isEqualTo(expected.layout());
        assertThat(packed.tokens(0, 3, 4)).isEqualTo(expected.tokens(0, 3, 4));
        assertThat(packed.withTexts(scope, packed.texts()).ids()).isEqualTo(expected.ids());
    }

    private static boolean[] kept() {
        return new boolean[] {true, true, true, true, true, true, false, true, false, true};
    }

    private static TokenizedText text(int... ids) {
        return new TokenizedText(ids, new int[ids.length], new boolean[ids.length]);
    }
}
