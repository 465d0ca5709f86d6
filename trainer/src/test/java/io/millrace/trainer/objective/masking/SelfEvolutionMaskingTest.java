package io.millrace.trainer.objective.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.trainer.config.SelfEvolutionConfig;
import io.millrace.trainer.objective.StepContext;
import io.millrace.trainer.objective.Terms;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;

class SelfEvolutionMaskingTest {

    private static final List<Integer> MASKABLE = List.of(1, 2, 3, 4, 5, 6, 7, 8);

    /** Negative log-likelihoods of tokens 0 to 9: four of the maskable ones are hard. */
    private static final float[] TOKEN_NLL = {9, 0.3f, 0.05f, 4, 0, 0.09f, 2, 0.02f, 1, 9};

    @Test
    void shouldTakeTheHardestFirstUpToItsShare() {
        // When / Then
        assertThat(hardest(0.25, MASKABLE, 1)).containsExactly(3, 6);
        assertThat(hardest(0.49, MASKABLE, 1)).containsExactly(3, 6, 8);
        assertThat(hardest(0.5, MASKABLE, 1)).containsExactly(3, 6, 8, 1);
    }

    @Test
    void shouldDrawTheRestAtRandomAmongThoseThatAreNotHard() {
        // Given
        int[] drawn = new int[10];

        for (int seed = 0; seed < 4_000; seed++) {
            // When
            List<Integer> chosen = hardest(0.65, MASKABLE, seed);

            // Then
            assertThat(chosen).hasSize(5).startsWith(3, 6, 8, 1).doesNotHaveDuplicates();
            drawn[chosen.get(4)]++;
        }
        for (int easy : new int[] {2, 4, 5, 7}) {
            assertThat(drawn[easy] / 4_000.0).as("token %d", easy).isCloseTo(0.25, within(0.03));
        }
    }

    @Test
    void shouldTakeOneHoweverSmallTheShare() {
        // When / Then
        assertThat(hardest(0, MASKABLE, 1)).containsExactly(3);
        assertThat(hardest(0, List.of(4), 1)).as("a single easy token").containsExactly(4);
    }

    @Test
    void shouldTakeNothingWhereNothingCanBeMasked() {
        // When / Then
        assertThat(hardest(0.5, List.of(), 1)).isEmpty();
    }

    @Test
    void shouldTakeEarlierTokensFirstAmongEquals() {
        // When / Then
        assertThat(masking(0.5).hardest(List.of(0, 1, 2, 3), new float[] {1, 1, 1, 1}, new SplittableRandom(1)))
                .containsExactly(0, 1);
    }

    @Test
    void shouldSelectWithinEveryExampleAndNeverASpecialToken() throws IOException {
        try (Terms terms = new Terms()) {
            // Given
            StepContext step = terms.step();

            // When
            MaskingPolicy.Selection selection =
                    masking(0.3).select(step, step.batch(), new StandardEncoding(), new SplittableRandom(1));

            // Then
            int start = 0;
            int all = 0;
            for (TokenizedText text : step.batch().texts()) {
                int maskable = 0;
                int masked = 0;
                for (int i = 0; i < text.length(); i++) {
                    maskable += text.special()[i] ? 0 : 1;
                    masked += selection.masked()[start + i] ? 1 : 0;
                    assertThat(text.special()[i] && selection.masked()[start + i])
                            .isFalse();
                }
                assertThat(masked).isEqualTo(Math.max(1, (int) (0.3 * maskable)));
                start += text.length();
                all += masked;
            }
            assertThat(selection.smoothing().orElseThrow().share()).isEqualTo(0.2);
            assertThat(selection
                            .smoothing()
                            .orElseThrow()
                            .distributions()
                            .getShape()
                            .getShape())
                    .containsExactly(all, terms.weights().vocabulary());
        }
    }

    private static List<Integer> hardest(double maskingRate, List<Integer> maskable, long seed) {
        return masking(maskingRate).hardest(maskable, TOKEN_NLL, new SplittableRandom(seed));
    }

    private static SelfEvolutionMasking masking(double maskingRate) {
        return new SelfEvolutionMasking(maskingRate, new SelfEvolutionConfig(0.1, 0.2));
    }
}
