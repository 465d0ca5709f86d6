package io.millrace.evaluator.score;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class MeanSquaredErrorTest {

    @Test
    void shouldBeTheMeanOfSquaredDifferences() {
        // Given
        List<ScoredNumber> examples =
                List.of(new ScoredNumber(1, 3), new ScoredNumber(-2, -2.5), new ScoredNumber(0, 0));

        // When
        double error = MeanSquaredError.of(examples);

        // Then
        assertThat(error).isEqualTo(4.25 / 3.0);
    }
}
