package io.millrace.trainer.learner;

import io.millrace.encoder.tokens.TokenizedText;

import java.util.List;

/**
 * Labelled examples in tokens, still in Java's memory.
 *
 * @param texts the examples' tokens
 * @param examples the examples
 */
record TokenizedBatch(List<TokenizedText> texts, List<TrainingExample> examples) {}
