package io.millrace.trainer.objective.masking;

import io.millrace.encoder.TextBatch;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.trainer.objective.StepContext;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Each maskable token with the same probability, at least one per example.
 *
 * @param maskingRate the probability, in [0, 1)
 */
public record RandomMasking(double maskingRate) implements MaskingPolicy {

    @Override
    public Selection select(StepContext step, TextBatch batch, MaskedEncoding encoder, RandomGenerator random) {
        boolean[] masked = new boolean[batch.tokens()];
        int start = 0;
        for (TokenizedText text : batch.texts()) {
            boolean[] selected = select(text, random);
            System.arraycopy(selected, 0, masked, start, selected.length);
            start += selected.length;
        }
        return new Selection(masked, Optional.empty());
    }

    /** One flag per token of one example. */
    boolean[] select(TokenizedText text, RandomGenerator random) {
        boolean[] selected = new boolean[text.length()];
        int maskable = 0;
        int chosen = 0;
        int fallback = -1;
        for (int i = 0; i < selected.length; i++) {
            if (text.special()[i]) {
                continue;
            }
            selected[i] = random.nextDouble() < maskingRate;
            chosen += selected[i] ? 1 : 0;
            maskable++;
            // Reservoir of one: every maskable token is the fallback with the same probability.
            if (random.nextInt(maskable) == 0) {
                fallback = i;
            }
        }
        if (chosen == 0 && fallback >= 0) {
            selected[fallback] = true;
        }
        return selected;
    }
}
