package io.millrace.trainer.objective.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.trainer.config.MaskedTokensConfig.Corruption;
import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

class TokenCorruptionTest {

    private static final int DRAWS = 20_000;
    private static final int MASK_ID = 4;
    private static final int ORIGINAL = 17;
    private static final int VOCABULARY = 10_000;

    @Test
    void shouldAlwaysMask() {
        // Given
        TokenCorruption corruption = new TokenCorruption(Corruption.MASK, VOCABULARY);
        SplittableRandom random = new SplittableRandom(1);

        for (int i = 0; i < 100; i++) {
            // When / Then
            assertThat(corruption.replace(ORIGINAL, MASK_ID, random)).isEqualTo(MASK_ID);
        }
    }

    @Test
    void shouldMixMasksRandomTokensAndTheOriginal() {
        // Given
        TokenCorruption corruption = new TokenCorruption(Corruption.MIXED, VOCABULARY);
        SplittableRandom random = new SplittableRandom(1);
        double masked = 0;
        double kept = 0;

        // When
        for (int i = 0; i < DRAWS; i++) {
            int id = corruption.replace(ORIGINAL, MASK_ID, random);
            assertThat(id).isBetween(0, VOCABULARY - 1);
            masked += id == MASK_ID ? 1 : 0;
            kept += id == ORIGINAL ? 1 : 0;
        }

        // Then
        assertThat(masked / DRAWS).isCloseTo(0.8, within(0.01));
        assertThat(kept / DRAWS).isCloseTo(0.1, within(0.01));
    }
}
