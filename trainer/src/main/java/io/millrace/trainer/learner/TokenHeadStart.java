package io.millrace.trainer.learner;

import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.schemas.UnlabelledText;

import java.util.List;

/** Gives a masked-token head that was just drawn a start that is better than chance. */
public final class TokenHeadStart {

    private TokenHeadStart() {}

    /**
     * Lets the head of {@code learner} answer with the tokens that are frequent in {@code texts}. Token i of the vocabulary v gets the bias
     * {@code ln((count_i + 1) / (sum of counts + v))}.
     */
    public static void fromFrequencies(Learner learner, List<UnlabelledText> texts) {
        ModelState state = learner.state();
        int[] counts = new int[state.weights().vocabulary()];
        long sum = counts.length;
        for (TokenizedText text : state.tokenizer()
                .tokenize(texts.stream()
                        .map(one -> new TextInput(one.text(), null))
                        .toList())) {
            for (int i = 0; i < text.length(); i++) {
                if (!text.special()[i]) {
                    counts[text.ids()[i]]++;
                    sum++;
                }
            }
        }
        float[] logFrequencies = new float[counts.length];
        for (int id = 0; id < counts.length; id++) {
            logFrequencies[id] = (float) Math.log((counts[id] + 1.0) / sum);
        }
        state.weights().warmTokenHead(logFrequencies);
    }
}
