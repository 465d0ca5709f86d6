package io.millrace.evaluator.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;

class NegativeLogLikelihoodTest {

    @Test
    void shouldBeTheMeanSurpriseInNats() {
        // Given
        List<ScoredExample> examples =
                List.of(new ScoredExample("a", "a", 0.5, 0.5), new ScoredExample("a", "b", 0.25, 0.75));

        // When
        double nll = NegativeLogLikelihood.of(examples);

        // Then: (ln 2 + ln 4) / 2 = 1.5 ln 2
        assertThat(nll).isCloseTo(1.0397207708399179, within(1e-12));
    }

    @Test
    void shouldTakeTheFloorForAProbabilityOfZero() {
        // Given
        List<ScoredExample> examples = List.of(new ScoredExample("unknown", "a", 0, 1));

        // When
        double nll = NegativeLogLikelihood.of(examples);

        // Then: 12 ln 10
        assertThat(nll).isCloseTo(27.631021115928547, within(1e-12));
    }

    @Test
    void shouldBeZeroForACertainAndRightModel() {
        // Given
        List<ScoredExample> examples = List.of(new ScoredExample("a", "a", 1, 1));

        // When
        double nll = NegativeLogLikelihood.of(examples);

        // Then
        assertThat(nll).isZero();
    }
}
