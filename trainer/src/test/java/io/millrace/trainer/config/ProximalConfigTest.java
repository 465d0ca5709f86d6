package io.millrace.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.stream.LongStream;

class ProximalConfigTest {

    @Test
    void shouldUseTheFirstMomentumForAsManyStepsAsItSays() {
        // Given
        ProximalConfig config = new ProximalConfig(null, 0.5, 0.9, 2);

        // When / Then
        assertThat(LongStream.rangeClosed(1, 4).mapToObj(config::momentumAt)).containsExactly(0.5, 0.5, 0.9, 0.9);
    }
}
