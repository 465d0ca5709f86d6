package io.millrace.evaluator.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;

class MacroF1Test {

    @Test
    void shouldWeighEveryLabelTheSame() {
        // Given: a has TP 2, FN 1, FP 0; b has TP 1, FN 0, FP 1
        List<ScoredExample> examples = List.of(scored("a", "a"), scored("a", "a"), scored("a", "b"), scored("b", "b"));

        // When
        double macroF1 = MacroF1.of(examples);

        // Then: F1(a) = 4/5, F1(b) = 2/3
        assertThat(macroF1).isCloseTo((0.8 + 2.0 / 3.0) / 2, within(1e-12));
    }

    @Test
    void shouldCountALabelThatIsOnlyPredictedAsZero() {
        // Given: a has TP 1, FN 1; c has FP 1 alone
        List<ScoredExample> examples = List.of(scored("a", "a"), scored("a", "c"));

        // When
        double macroF1 = MacroF1.of(examples);

        // Then: F1(a) = 2/3, F1(c) = 0
        assertThat(macroF1).isCloseTo(1.0 / 3.0, within(1e-12));
    }

    @Test
    void shouldBeOneForAModelThatIsAlwaysRight() {
        // Given
        List<ScoredExample> examples = List.of(scored("a", "a"), scored("b", "b"));

        // When
        double macroF1 = MacroF1.of(examples);

        // Then
        assertThat(macroF1).isEqualTo(1.0);
    }

    private static ScoredExample scored(String label, String predicted) {
        return new ScoredExample(label, predicted, 0.5, 0.5);
    }
}
