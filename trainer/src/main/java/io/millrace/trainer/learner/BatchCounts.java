package io.millrace.trainer.learner;

import io.millrace.encoder.tokens.TokenizedText;

import java.util.List;

/** Counts over the texts of a mini-batch and what the model answers to them. */
final class BatchCounts {

    private BatchCounts() {}

    /** How many texts have lost their end. */
    static int truncated(List<TokenizedText> texts) {
        return (int) texts.stream().filter(TokenizedText::truncated).count();
    }

    /** Where the largest value is: the first of several. */
    static int largest(float[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            largest = values[i] > values[largest] ? i : largest;
        }
        return largest;
    }
}
