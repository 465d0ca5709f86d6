package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.millrace.encoder.tokens.TextInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

class CentredAlignmentTest {

    private static final float[][] X = {{1, 0}, {0, 2}, {-1, 1}, {3, -2}, {0.5f, 0.5f}};

    @Test
    void shouldGiveTheValueThatNumPyGives() {
        // Given
        float[][] y = {{1, 2, 3}, {0, 1, 0}, {-2, 0, 1}, {1, 1, -1}, {0, 3, 2}};

        // When / Then: norm(Yc.T @ Xc)**2 / (norm(Xc.T @ Xc) * norm(Yc.T @ Yc))
        assertThat(CentredAlignment.linear(X, y)).hasValueCloseTo(0.3024747456379181, within(1e-9));
    }

    @Test
    void shouldBeOneForARotatedScaledAndShiftedCopy() {
        // Given: a quarter turn, doubled, moved
        float[][] copy = Arrays.stream(X)
                .map(row -> new float[] {-2 * row[1] + 7, 2 * row[0] - 3})
                .toArray(float[][]::new);

        // When / Then
        assertThat(CentredAlignment.linear(X, copy)).hasValueCloseTo(1.0, within(1e-9));
    }

    @Test
    void shouldBeZeroForDirectionsWithoutCorrelation() {
        // Given
        float[][] x = {{1}, {1}, {-1}, {-1}};
        float[][] y = {{1}, {-1}, {1}, {-1}};

        // When / Then
        assertThat(CentredAlignment.linear(x, y)).hasValueCloseTo(0.0, within(1e-12));
    }

    @Test
    void shouldHaveNoValueIfOneSideDoesNotVary() {
        // Given
        float[][] same = {{0.1f, 0.3f}, {0.1f, 0.3f}, {0.1f, 0.3f}, {0.1f, 0.3f}, {0.1f, 0.3f}};

        // When / Then
        assertThat(CentredAlignment.linear(X, same)).isEqualTo(OptionalDouble.empty());
    }

    @Test
    void shouldRefuseDifferentExamples() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CentredAlignment.linear(X, new float[][] {{1}}))
                .withMessage("both must have the same examples, at least one, got 5 and 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "xlm-roberta", "modernbert", "electra", "deberta-v2"})
    void shouldGiveTheMeanOfEachTextAndTheRankOfEveryLayer(String family) {
        // Given
        Compute compute = new Compute("cpu", Precision.F32);
        List<TextInput> texts = List.of(new TextInput("a rather long text", null), new TextInput("short", null));

        // When
        LayerStates together = LayerStates.of(Goldens.directory(family), compute, texts);
        LayerStates alone = LayerStates.of(Goldens.directory(family), compute, texts.subList(1, 2));

        // Then
        assertThat(together.means()).hasSameSizeAs(together.ranks()).hasSameSizeAs(alone.means());
        for (int layer = 0; layer < alone.means().size(); layer++) {
            assertThat(together.means().get(layer)).hasDimensions(2, 32);
            assertThat(together.means().get(layer)[1])
                    .containsExactly(alone.means().get(layer)[0], within(1e-5f));
        }
    }
}
