package io.millrace.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.trainer.config.SmoothnessConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.List;

class SmoothnessTermTest {

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
    void shouldBeZeroWithoutAPerturbation() {
        // Given
        SmoothnessTerm term = new SmoothnessTerm(config(0.1, 0.01, 1), step -> constant(step, 0));

        // When / Then
        assertThat(Terms.value(term, terms.step(), ObjectiveTerm.SMOOTHNESS_LOSS))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0.01, 1", "0.005, 0.01, 1", "0.02, 10, 3"})
    void shouldNeverLeaveTheRadius(double radius, double stepSize, int steps) {
        // Given
        SmoothnessTerm term = new SmoothnessTerm(config(radius, stepSize, steps));

        // When
        float[] d = term.worstPerturbation(terms.step()).perturbation().toFloatArray();

        // Then
        assertThat(d).hasSizeGreaterThan(100);
        for (float coordinate : d) {
            assertThat(Math.abs(coordinate)).isLessThanOrEqualTo((float) radius);
        }
    }

    @Test
    void shouldClipTheNoiseThatItStartsFrom() {
        // Given
        SmoothnessTerm term = new SmoothnessTerm(config(0.1, 1e-9, 1), step -> constant(step, 5));

        // When
        float[] d = term.worstPerturbation(terms.step()).perturbation().toFloatArray();

        // Then
        assertThat(d).containsOnly(0.1f);
    }

    @Test
    void shouldDivergeFurtherAfterTheAscent() {
        // Given
        SmoothnessTerm still = new SmoothnessTerm(config(0.1, 1e-9, 1));
        SmoothnessTerm ascending = new SmoothnessTerm(config(0.1, 0.01, 1));

        // When
        float before = Terms.value(still, terms.step(), ObjectiveTerm.SMOOTHNESS_LOSS);
        float after = Terms.value(ascending, terms.step(), ObjectiveTerm.SMOOTHNESS_LOSS);

        // Then
        assertThat(after).isGreaterThan(1.2f * before);
    }

    @Test
    void shouldDrawItsNoiseFromTheStepAlone() {
        // Given
        EmbeddingPerturber perturber = EmbeddingPerturber.gaussian(0.01);

        // When
        float[] first = perturber.initial(terms.step()).toFloatArray();
        terms.step().scope().randomNormal(new Shape(7));
        float[] second = perturber.initial(terms.step()).toFloatArray();

        // Then
        assertThat(second).containsExactly(first);
    }

    @Test
    void shouldLeaveTheWeightsWithoutGradientInTheAscent() {
        // Given
        SmoothnessTerm term = new SmoothnessTerm(config(0.1, 0.01, 1));
        List<float[]> expected = terms.gradients(loss(new TaskTerm(), terms.step()));

        // When
        StepContext step = terms.step();
        NDArray task = loss(new TaskTerm(), step);
        term.ascentGradient(step, constant(step, 0.01f));
        List<float[]> gradients = terms.gradients(task);

        // Then
        assertThat(gradients).hasSameSizeAs(expected);
        for (int i = 0; i < gradients.size(); i++) {
            assertThat(gradients.get(i)).as("gradient %d", i).containsExactly(expected.get(i));
        }
    }

    @Test
    void shouldBeSkippedAndCountedWhenTheAscentIsNotFinite() {
        // Given
        SmoothnessTerm term = new SmoothnessTerm(config(0.1, 0.01, 1), step -> constant(step, Float.NaN));

        // When
        List<TermValue> values = term.evaluate(terms.step());

        // Then
        assertThat(values)
                .extracting(TermValue::name)
                .containsExactly(ObjectiveTerm.SMOOTHNESS_LOSS, SmoothnessTerm.SKIPPED);
        assertThat(values.get(0).value().getFloat()).isZero();
        assertThat(values.get(1).value().getFloat()).isEqualTo(1);
        assertThat(values.get(1).weight()).isZero();
    }

    private static SmoothnessConfig config(double radius, double stepSize, int steps) {
        return new SmoothnessConfig(1.0, radius, stepSize, 0.01, steps);
    }

    private static NDArray constant(StepContext step, float value) {
        return step.scope().full(step.cleanWords().getShape(), value, DataType.FLOAT32);
    }

    private static NDArray loss(ObjectiveTerm term, StepContext step) {
        return term.evaluate(step).get(0).value();
    }
}
