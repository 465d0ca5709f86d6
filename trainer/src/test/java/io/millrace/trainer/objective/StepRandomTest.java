package io.millrace.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.trainer.objective.StepRandom.Purpose;
import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

class StepRandomTest {

    @Test
    void shouldDrawDifferentlyForEverySeedStepAndPurpose() {
        // When
        Set<Long> draws = new HashSet<>();
        for (long seed = -2; seed <= 2; seed++) {
            for (long step = 0; step < 50; step++) {
                for (Purpose purpose : Purpose.values()) {
                    draws.add(new StepRandom(seed, step).generator(purpose).nextLong());
                }
            }
        }

        // Then
        assertThat(draws).hasSize(5 * 50 * Purpose.values().length);
    }

    @Test
    void shouldDrawTheSameForEver() {
        // When / Then
        assertThat(new StepRandom(1, 1).generator(Purpose.HEAD).nextLong()).isEqualTo(7231191357593247542L);
        assertThat(new StepRandom(1, 1).generator(Purpose.DROPOUT).nextLong()).isEqualTo(-5839176241905335012L);
        assertThat(new StepRandom(1, 1).generator(Purpose.MASKING).nextLong()).isEqualTo(6421624310891506401L);
        assertThat(new StepRandom(42, 1_000_000).generator(Purpose.MASKING).nextLong())
                .isEqualTo(-7201902336835819574L);
    }

    @Test
    void shouldDrawDifferentlyForEveryShard() {
        // When
        Set<Long> draws = new HashSet<>();
        for (int shard = 0; shard < 50; shard++) {
            for (Purpose purpose : Purpose.values()) {
                draws.add(new StepRandom(1, 1).ofShard(shard).generator(purpose).nextLong());
            }
        }

        // Then
        assertThat(draws).hasSize(50 * Purpose.values().length);
    }
}
