package io.millrace.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.trainer.config.MaskTuningConfig;
import io.millrace.trainer.config.MaskTuningConfig.Perturbed;
import io.millrace.trainer.config.MaskedTokensConfig.Corruption;
import io.millrace.trainer.objective.masking.MaskedTokens;
import io.millrace.trainer.objective.masking.RandomMasking;
import io.millrace.trainer.objective.masking.StandardEncoding;
import io.millrace.trainer.objective.masking.TokenCorruption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

class MaskTuningTermTest {

    private static final TokenizedText NOTHING_TO_MASK =
            new TokenizedText(new int[] {2, 3}, new int[2], new boolean[] {true, true});

    private Terms terms;

    @BeforeEach
    void open() throws IOException {
        terms = new Terms();
    }

    @AfterEach
    void close() {
        terms.close();
    }

    @ParameterizedTest
    @EnumSource(Perturbed.class)
    void shouldClassifyTextsThatHaveNothingToMask(Perturbed perturbed) {
        // Given
        List<TokenizedText> texts = List.of(NOTHING_TO_MASK, NOTHING_TO_MASK);

        // When
        MaskTuningTerm term = term(perturbed);
        float masked = Terms.value(term, step(texts), ObjectiveTerm.MASKED_TOKEN_LOSS);
        float task = Terms.value(term, step(texts), ObjectiveTerm.TASK_LOSS);

        // Then
        assertThat(masked).isZero();
        assertThat(task).isEqualTo(Terms.value(new TaskTerm(), step(texts), ObjectiveTerm.TASK_LOSS));
        assertThat(terms.gradients(
                        new Objective(List.of(term)).evaluate(step(texts)).total()))
                .isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(Perturbed.class)
    void shouldTakeTheMeanOverMaskedTokensAlone(Perturbed perturbed) {
        // Given
        List<TokenizedText> one = terms.texts().subList(0, 1);
        List<TokenizedText> two = List.of(one.get(0), NOTHING_TO_MASK);

        // When
        float alone = Terms.value(term(perturbed), step(one), ObjectiveTerm.MASKED_TOKEN_LOSS);
        float beside = Terms.value(term(perturbed), step(two), ObjectiveTerm.MASKED_TOKEN_LOSS);

        // Then
        // Matrix products of other sizes may round differently, as they do on CPUs with AMX.
        assertThat(beside).isPositive().isCloseTo(alone, within(1e-5f));
    }

    @Test
    void shouldWeighTheTermsByAlpha() {
        // When
        List<TermValue> values = term(Perturbed.MASKED).evaluate(terms.step());

        // Then
        assertThat(values).extracting(TermValue::weight).containsExactly(0.25, 0.75);
    }

    @Test
    void shouldSayThatATokenizerHasNoMask() {
        // Given
        StepContext step = terms.step(terms.texts(), Optional.empty(), OptionalInt.empty());

        // When / Then
        assertThatThrownBy(() -> term(Perturbed.MASKED).evaluate(step))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the tokenizer has none. Use method plain or smart.");
    }

    private StepContext step(List<TokenizedText> texts) {
        return terms.step(texts, Optional.empty());
    }

    private MaskTuningTerm term(Perturbed perturbed) {
        return new MaskTuningTerm(
                new MaskTuningConfig(0.25, perturbed),
                new MaskedTokens(
                        new RandomMasking(0.3),
                        new StandardEncoding(),
                        new TokenCorruption(Corruption.MASK, terms.weights().vocabulary())));
    }
}
