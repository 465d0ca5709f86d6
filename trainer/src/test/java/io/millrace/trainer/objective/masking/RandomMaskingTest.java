package io.millrace.trainer.objective.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.encoder.tokens.TokenizedText;
import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

class RandomMaskingTest {

    private static final int DRAWS = 4_000;

    @Test
    void shouldSelectTheStatedShareOfTheMaskableTokens() {
        // Given
        SplittableRandom random = new SplittableRandom(1);
        TokenizedText text = text(100);

        // When
        double selected = 0;
        for (int i = 0; i < DRAWS; i++) {
            selected += count(new RandomMasking(0.15).select(text, random));
        }

        // Then
        assertThat(selected / DRAWS / 98).isCloseTo(0.15, within(0.003));
    }

    @Test
    void shouldNeverSelectASpecialToken() {
        // Given
        SplittableRandom random = new SplittableRandom(1);
        RandomMasking masking = new RandomMasking(0.9);

        for (int i = 0; i < DRAWS; i++) {
            // When
            boolean[] selected = masking.select(text(5), random);

            // Then
            assertThat(selected[0] || selected[4]).isFalse();
        }
    }

    @Test
    void shouldSelectOneOfThemAllWhenTheRateSelectsNone() {
        // Given
        SplittableRandom random = new SplittableRandom(1);
        int[] chosen = new int[6];

        // When
        for (int i = 0; i < DRAWS; i++) {
            boolean[] selected = new RandomMasking(0).select(text(6), random);
            assertThat(count(selected)).isEqualTo(1);
            for (int token = 0; token < selected.length; token++) {
                chosen[token] += selected[token] ? 1 : 0;
            }
        }

        // Then
        for (int token = 1; token < 5; token++) {
            assertThat(chosen[token] / (double) DRAWS).as("token %d", token).isCloseTo(0.25, within(0.03));
        }
    }

    @Test
    void shouldSelectNothingInATextOfSpecialTokens() {
        // When / Then
        assertThat(new RandomMasking(0.5).select(text(2), new SplittableRandom(1)))
                .containsExactly(false, false);
    }

    @Test
    void shouldFollowFromTheGeneratorAlone() {
        // Given
        RandomMasking masking = new RandomMasking(0.3);

        // When
        boolean[] first = masking.select(text(50), new SplittableRandom(7));
        boolean[] again = masking.select(text(50), new SplittableRandom(7));
        boolean[] other = masking.select(text(50), new SplittableRandom(8));

        // Then
        assertThat(again).containsExactly(first);
        assertThat(other).isNotEqualTo(first);
    }

    /** A text of so many tokens, the first and the last of them special. */
    private static TokenizedText text(int length) {
        boolean[] special = new boolean[length];
        special[0] = true;
        special[length - 1] = true;
        return new TokenizedText(new int[length], new int[length], special);
    }

    private static int count(boolean[] flags) {
        int count = 0;
        for (boolean flag : flags) {
            count += flag ? 1 : 0;
        }
        return count;
    }
}
