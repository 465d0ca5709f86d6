package io.millrace.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.TextBatch;
import io.millrace.encoder.Weights;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.Workers;
import io.millrace.trainer.config.MaskTuningConfig;
import io.millrace.trainer.config.MaskTuningConfig.Perturbed;
import io.millrace.trainer.config.MaskedTokensConfig;
import io.millrace.trainer.config.MaskedTokensConfig.Corruption;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ObjectiveConfig;
import io.millrace.trainer.config.ProximalConfig;
import io.millrace.trainer.config.SmoothnessConfig;
import io.millrace.trainer.config.TrainingConfigs;
import io.millrace.trainer.objective.masking.MaskedTokens;
import io.millrace.trainer.objective.masking.MaskingPolicy;
import io.millrace.trainer.objective.masking.StandardEncoding;
import io.millrace.trainer.objective.masking.TokenCorruption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ObjectiveTest {

    private Terms terms;
    private Weights reference;

    @BeforeEach
    void open() throws IOException {
        terms = new Terms();
        reference = terms.weights().copy(Workers.CALLER);
        try (GradMode off = GradMode.off()) {
            reference.byName().values().forEach(weight -> weight.muli(0.9));
        }
    }

    @AfterEach
    void close() {
        terms.close();
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN, taskLoss",
        "MASKED_TOKENS, taskLoss maskedTokenLoss",
        "MASKED_TOKENS_SMART, taskLoss maskedTokenLoss smoothnessLoss smoothnessSkipped proximalLoss",
        "MASK_TUNING, maskedTokenLoss taskLoss",
        "SMART, taskLoss smoothnessLoss smoothnessSkipped proximalLoss",
        "MASK_TUNING_SMART, maskedTokenLoss taskLoss smoothnessLoss smoothnessSkipped proximalLoss"
    })
    void shouldHaveTheTermsThatTheMethodNames(Method method, String names) {
        // When
        Objective.Value value = objective(method).evaluate(terms.step(terms.texts(), Optional.of(reference)));

        // Then
        assertThat(value.terms()).containsOnlyKeys(names.split(" "));
    }

    @Test
    void shouldSumTheTermsWithTheirWeights() {
        // When
        Objective.Value value =
                objective(Method.MASK_TUNING_SMART).evaluate(terms.step(terms.texts(), Optional.of(reference)));

        // Then
        Map<String, NDArray> values = value.terms();
        float sum = 0.25f * values.get("maskedTokenLoss").getFloat()
                + 0.75f * values.get("taskLoss").getFloat()
                + 3 * values.get("smoothnessLoss").getFloat()
                + 2 * values.get("proximalLoss").getFloat();
        assertThat(value.total().getFloat()).isCloseTo(sum, within(1e-5f));
    }

    @Test
    void shouldMultiplyTheWeightsOfAllTermsButTheTask() {
        // When
        Objective.Value value =
                objective(Method.MASK_TUNING_SMART).evaluate(terms.step(terms.texts(), Optional.of(reference)), 2);

        // Then
        Map<String, NDArray> values = value.terms();
        float sum = 0.5f * values.get("maskedTokenLoss").getFloat()
                + 0.75f * values.get("taskLoss").getFloat()
                + 6 * values.get("smoothnessLoss").getFloat()
                + 4 * values.get("proximalLoss").getFloat();
        assertThat(value.total().getFloat()).isCloseTo(sum, within(1e-5f));
    }

    @ParameterizedTest
    @CsvSource({"PREDICTED", "MASKED"})
    void shouldNotDependOnTheSizeOfTheBatch(Perturbed perturbed) {
        // Given
        Objective objective = new Objective(List.of(
                new MaskTuningTerm(
                        new MaskTuningConfig(null, perturbed),
                        new MaskedTokens(
                                (step, batch, encoder, random) ->
                                        new MaskingPolicy.Selection(everyThird(batch), Optional.empty()),
                                new StandardEncoding(),
                                new TokenCorruption(
                                        Corruption.MASK, terms.weights().vocabulary()))),
                new SmoothnessTerm(new SmoothnessConfig(null, null, null, null, null), this::noise),
                new ProximalTerm(new ProximalConfig(null, null, null, null))));
        List<TokenizedText> once = terms.texts();
        List<TokenizedText> twice = new ArrayList<>(once);
        twice.addAll(once);

        // When
        Objective.Value small = objective.evaluate(terms.step(once, Optional.of(reference)));
        Objective.Value large = objective.evaluate(terms.step(twice, Optional.of(reference)));

        // Then
        assertThat(large.terms()).hasSize(5);
        assertThat(large.terms().remove(SmoothnessTerm.SKIPPED).getFloat()).isZero();
        large.terms().forEach((name, value) -> {
            float expected = small.terms().get(name).getFloat();
            assertThat(expected).as(name).isPositive();
            assertThat(value.getFloat()).as(name).isCloseTo(expected, within(1e-4f * expected));
        });
    }

    private Objective objective(Method method) {
        ObjectiveConfig config = new ObjectiveConfig(
                method,
                new MaskedTokensConfig(4.0, null, null, null, null, null, null),
                new MaskTuningConfig(0.25, null),
                new SmoothnessConfig(3.0, null, null, null, null),
                new ProximalConfig(2.0, null, null, null));
        return Objective.of(
                TrainingConfigs.plain(Path.of("unused")).withObjective(config).build(),
                terms.weights().vocabulary());
    }

    /** Every third token of every example, unless it is special. */
    private static boolean[] everyThird(TextBatch batch) {
        boolean[] selected = new boolean[batch.tokens()];
        int start = 0;
        for (TokenizedText text : batch.texts()) {
            for (int i = 1; i < text.length(); i += 3) {
                selected[start + i] = !text.special()[i];
            }
            start += text.length();
        }
        return selected;
    }

    /** A perturbation that repeats with the golden examples. */
    private NDArray noise(StepContext step) {
        int tokens = terms.texts().stream().mapToInt(TokenizedText::length).sum();
        var shape = step.cleanWords().getShape();
        int width = (int) shape.get(1);
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i / width % tokens * 31 + i % width) / 50;
        }
        return step.scope().create(values, shape);
    }
}
