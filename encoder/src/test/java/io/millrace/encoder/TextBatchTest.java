package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.tokens.TokenizedText;
import org.junit.jupiter.api.Test;

import java.util.List;

class TextBatchTest extends NativeScope {

    private static final List<TokenizedText> TEXTS = List.of(
            new TokenizedText(new int[] {2, 10, 11, 12, 3}, new int[] {0, 0, 0, 1, 1}, new boolean[] {
                true, false, false, false, true
            }),
            new TokenizedText(new int[] {2, 20, 3}, new int[3], new boolean[] {true, false, true}));

    @Test
    void shouldPackTokensEndToEnd() {
        // When
        TextBatch batch = TextBatch.pack(scope, TEXTS, 2, true);

        // Then
        assertThat(batch.tokens()).isEqualTo(8);
        assertThat(batch.ids().toLongArray()).containsExactly(2, 10, 11, 12, 3, 2, 20, 3);
        assertThat(batch.layout().types().toLongArray()).containsExactly(0, 0, 0, 1, 1, 0, 0, 0);
        assertThat(batch.layout().positions().toLongArray()).containsExactly(2, 3, 4, 5, 6, 2, 3, 4);
        assertThat(batch.layout().slots().toLongArray()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(batch.layout().starts().toLongArray()).containsExactly(0, 5);
        assertThat(batch.layout().mask().getShape()).isEqualTo(new Shape(2, 1, 1, 5));
        assertThat(batch.layout().mask().toBooleanArray())
                .containsExactly(true, true, true, true, true, true, true, true, false, false);
    }

    @Test
    void shouldLetTheTokensThatStayKeepTheirPositions() {
        // Given
        TextBatch batch = TextBatch.pack(scope, TEXTS, 2, true);

        // When
        TextBatch left = batch.keeping(scope, new boolean[] {true, false, true, false, true, true, false, true});

        // Then
        assertThat(left.size()).isEqualTo(2);
        assertThat(left.ids().toLongArray()).containsExactly(2, 11, 3, 2, 3);
        assertThat(left.layout().types().toLongArray()).containsExactly(0, 0, 1, 0, 0);
        assertThat(left.layout().positions().toLongArray()).containsExactly(2, 4, 6, 2, 4);
        assertThat(left.layout().slots().toLongArray()).containsExactly(0, 1, 2, 3, 4);
        assertThat(left.layout().starts().toLongArray()).containsExactly(0, 3);
        assertThat(left.layout().mask().toBooleanArray()).containsExactly(true, true, true, true, true, false);
        assertThat(left.texts().get(0).special()).containsExactly(true, false, true);
    }

    @Test
    void shouldLetThemKeepTheirPositionsOnceMore() {
        // Given
        TextBatch left = TextBatch.pack(scope, TEXTS, 0, true)
                .keeping(scope, new boolean[] {true, false, true, true, true, true, true, true});

        // When
        TextBatch less = left.keeping(scope, new boolean[] {true, false, true, true, true, false, true});

        // Then
        assertThat(less.ids().toLongArray()).containsExactly(2, 12, 3, 2, 3);
        assertThat(less.layout().positions().toLongArray()).containsExactly(0, 3, 4, 0, 2);
    }

    @Test
    void shouldChangeNothingWhenEveryTokenStays() {
        // Given
        TextBatch batch = TextBatch.pack(scope, TEXTS, 0, false);

        // When
        TextBatch same = batch.keeping(scope, new boolean[] {true, true, true, true, true, true, true, true});

        // Then
        assertThat(same.ids()).isEqualTo(batch.ids());
        assertThat(same.layout().positions()).isEqualTo(batch.layout().positions());
        assertThat(same.layout().types()).isEqualTo(batch.layout().types());
        assertThat(same.layout().mask()).isEqualTo(batch.layout().mask());
    }

    @Test
    void shouldRefuseToBeEmpty() {
        // When / Then
        assertThatThrownBy(() -> TextBatch.pack(scope, List.of(), 0, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a batch must hold at least one example, got none");
    }
}
