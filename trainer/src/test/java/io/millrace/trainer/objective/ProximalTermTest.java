package io.millrace.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.encoder.Weights;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.Workers;
import io.millrace.trainer.config.ProximalConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Optional;

class ProximalTermTest {

    private final ProximalTerm term = new ProximalTerm(new ProximalConfig(null, null, null, null));
    private Terms terms;

    @BeforeEach
    void open() throws IOException {
        terms = new Terms();
    }

    @AfterEach
    void close() {
        terms.close();
    }

    @Test
    void shouldBeZeroWhileTheReferenceIsTheModel() {
        // Given
        Weights reference = terms.weights().copy(Workers.CALLER);

        // When / Then
        assertThat(value(reference)).isZero();
    }

    @Test
    void shouldGrowWhenTheModelLeavesItsReference() {
        // Given
        Weights reference = terms.weights().copy(Workers.CALLER);

        // When
        try (GradMode off = GradMode.off()) {
            terms.weights().byName().values().forEach(weight -> weight.muli(1.01));
        }

        // Then
        assertThat(value(reference)).isPositive();
    }

    @Test
    void shouldSayThatItNeedsAReference() {
        // When / Then
        assertThatThrownBy(() -> term.evaluate(terms.step()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the objective has a proximal term, but no reference model");
    }

    private float value(Weights reference) {
        return Terms.value(term, terms.step(terms.texts(), Optional.of(reference)), ObjectiveTerm.PROXIMAL_LOSS);
    }
}
