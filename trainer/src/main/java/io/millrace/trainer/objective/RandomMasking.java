package io.millrace.trainer.objective;

import io.millrace.encoder.TokenizedText;

import java.util.random.RandomGenerator;

/**
 * Each maskable token with the same probability, at least one per example.
 *
 * @param maskingRate the probability, in [0, 1)
 */
public record RandomMasking(double maskingRate) implements MaskingPolicy {

    @Override
    public boolean[] select(TokenizedText text, RandomGenerator random) {
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
