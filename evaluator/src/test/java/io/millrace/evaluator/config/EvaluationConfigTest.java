package io.millrace.evaluator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.encoder.Compute;
import org.junit.jupiter.api.Test;

import java.util.Map;

class EvaluationConfigTest {

    @Test
    void shouldHaveTheseDefaults() {
        // When
        EvaluationConfig config = new EvaluationConfig(null, null, null, null, null);

        // Then
        assertThat(config).isEqualTo(new EvaluationConfig(new Compute("auto", null), 0.02, Map.of(), 0.05, 5));
    }

    @Test
    void shouldGiveTheOwnMarginOfAProbeSetOrElseTheCommonOne() {
        // When
        EvaluationConfig config = new EvaluationConfig(null, 0.02, Map.of("new", 0.1), null, null);

        // Then
        assertThat(config.marginOf("new")).isEqualTo(0.1);
        assertThat(config.marginOf("known")).isEqualTo(0.02);
    }

    @Test
    void shouldRefuseAMarginThatIsNoShare() {
        // When / Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EvaluationConfig(null, null, Map.of("new", 1.5), null, null))
                .withMessage("evaluation.margins.new must be in [0, 1], got 1.5");
    }

    @Test
    void shouldRefuseToKeepNoModel() {
        // When / Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EvaluationConfig(null, null, null, null, 0))
                .withMessage("evaluation.keepModels must be at least 1, got 0");
    }
}
