package io.millrace.trainer;

import io.millrace.encoder.TokenizedText;

import java.util.List;

/**
 * A mini-batch in tokens, still in Java's memory.
 *
 * @param texts the examples' tokens
 * @param examples the examples
 */
public record TokenizedBatch(List<TokenizedText> texts, List<TrainingExample> examples) {

    /** Tokens in all. */
    public int tokens() {
        return texts.stream().mapToInt(TokenizedText::length).sum();
    }
}
