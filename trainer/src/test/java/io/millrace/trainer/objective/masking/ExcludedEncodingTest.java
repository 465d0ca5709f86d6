package io.millrace.trainer.objective.masking;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.TextBatch;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.trainer.objective.MaskedTokenTerm;
import io.millrace.trainer.objective.ObjectiveTerm;
import io.millrace.trainer.objective.StepContext;
import io.millrace.trainer.objective.Terms;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

class ExcludedEncodingTest {

    private static final int WARM_UP = 5;
    private static final String WORDS = "bert.embeddings.word_embeddings.weight";

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
    void shouldTrainTheDecoderAndTheTokenHeadAloneWhileItWarmsUp() {
        // When
        Map<String, Double> norms = gradientNorms(WARM_UP);

        // Then
        norms.forEach((name, norm) -> {
            if (name.startsWith("bert.") || name.startsWith("classifier.")) {
                assertThat(norm).as(name).isZero();
            } else {
                assertThat(norm).as(name).isPositive();
            }
        });
    }

    @Test
    void shouldTrainTheEncoderOnceItHasWarmedUp() {
        // When
        Map<String, Double> norms = gradientNorms(WARM_UP + 1);

        // Then
        norms.forEach((name, norm) -> {
            if (name.startsWith("bert.pooler.") || name.startsWith("classifier.")) {
                assertThat(norm).as(name).isZero();
            } else {
                assertThat(norm).as(name).isPositive();
            }
        });
        assertThat(norms).containsKey(WORDS);
    }

    @Test
    void shouldPredictTheSameInTheWarmUpAndAfterIt() {
        // When / Then
        assertThat(loss(terms.stepOf(WARM_UP))).isEqualTo(loss(terms.stepOf(WARM_UP + 1)));
    }

    @Test
    void shouldShowTheEncoderNothingOfTheMaskedTokens() {
        // Given texts that differ in the masked tokens alone
        StepContext step = terms.step();
        boolean[] masked = secondTokens(step.batch());
        StepContext other = terms.step(otherSecondTokens(step.batch()), Optional.empty());

        // When
        MaskedEncoding.Encoded one = encode(step, masked);
        MaskedEncoding.Encoded changed = encode(other, masked);

        // Then
        assertThat(changed.pooled().toFloatArray()).containsExactly(one.pooled().toFloatArray());
        assertThat(changed.read().toFloatArray()).containsExactly(one.read().toFloatArray());
        assertThat(one.pooled().getShape().get(0)).isEqualTo(step.batch().size());
        assertThat(one.read().getShape().get(0)).isEqualTo(step.batch().size());
    }

    @Test
    void shouldShowTheTokenHeadWhereAMaskedTokenStands() {
        // Given
        StepContext step = terms.step();
        MaskedEncoding.Encoded encoded = encode(step, secondAndThirdTokens(step.batch()));

        // When
        NDArray logits = encoded.tokenLogits(0, 1);

        // Then
        assertThat(logits.get(0).toFloatArray()).isNotEqualTo(logits.get(1).toFloatArray());
    }

    private Map<String, Double> gradientNorms(long step) {
        return terms.gradientNorms(term().evaluate(terms.stepOf(step)).get(0).value());
    }

    private float loss(StepContext step) {
        return Terms.value(term(), step, ObjectiveTerm.MASKED_TOKEN_LOSS);
    }

    private MaskedTokenTerm term() {
        return new MaskedTokenTerm(
                1,
                new MaskedTokens(
                        (step, batch, encoder, random) ->
                                new MaskingPolicy.Selection(secondTokens(batch), Optional.empty()),
                        new ExcludedEncoding(WARM_UP),
                        terms.masks()),
                MaskedTokenTerm.Source.LABELLED);
    }

    private MaskedEncoding.Encoded encode(StepContext step, boolean[] masked) {
        MaskedBatch batch = MaskedBatch.of(step, step.batch(), masked, terms.masks(), new SplittableRandom(1));
        return new ExcludedEncoding(0).encode(step, step.pass(), batch, batch.masked());
    }

    private static boolean[] secondTokens(TextBatch batch) {
        boolean[] flags = new boolean[batch.tokens()];
        int start = 0;
        for (TokenizedText text : batch.texts()) {
            flags[start + 1] = true;
            start += text.length();
        }
        return flags;
    }

    private static boolean[] secondAndThirdTokens(TextBatch batch) {
        boolean[] flags = secondTokens(batch);
        flags[2] = true;
        return flags;
    }

    private static List<TokenizedText> otherSecondTokens(TextBatch batch) {
        List<TokenizedText> others = new ArrayList<>();
        for (TokenizedText text : batch.texts()) {
            int[] ids = text.ids().clone();
            ids[1] = ids[1] == 50 ? 51 : 50;
            others.add(text.withIds(ids));
        }
        return others;
    }
}
