package io.millrace.evaluator.score;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class AccuracyTest {

    @Test
    void shouldBeTheShareOfRightPredictions() {
        // Given
        List<ScoredExample> examples = List.of(
                new ScoredExample("a", "a", 0.9, 0.9),
                new ScoredExample("a", "b", 0.2, 0.8),
                new ScoredExample("b", "b", 0.6, 0.6));

        // When
        double accuracy = Accuracy.of(examples);

        // Then
        assertThat(accuracy).isEqualTo(2.0 / 3.0);
    }

    @Test
    void shouldBeTheShareOfPredictionsWithinTheTolerance() {
        // Given
        List<ScoredNumber> examples =
                List.of(new ScoredNumber(3, 3.5), new ScoredNumber(3, 2.25), new ScoredNumber(-1, -1.5));

        // When
        double accuracy = Accuracy.within(0.5, examples);

        // Then
        assertThat(accuracy).isEqualTo(2.0 / 3.0);
    }
}
