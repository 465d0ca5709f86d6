package io.millrace.app.init;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.encoder.tokens.TokenizedText;

import java.nio.file.Path;
import java.util.List;

/**
 * How long texts are in the tokens of an encoder.
 *
 * @param texts how many texts were tokenized
 * @param most 99 % of them have at most so many tokens
 * @param limit most tokens that the encoder takes
 */
public record TokenCounts(int texts, int most, int limit) {

    private static final double SHARE = 0.99;
    private static final int ROUND = 16;

    /** Tokenizes {@code texts} with the tokenizer of the encoder in {@code directory}. */
    public static TokenCounts of(Path directory, List<TextInput> texts) {
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(directory);
        try (TextTokenizer tokenizer = checkpoint.openTokenizer(checkpoint.maxTokens())) {
            int[] lengths = tokenizer.tokenize(texts).stream()
                    .mapToInt(TokenizedText::length)
                    .sorted()
                    .toArray();
            int most = lengths.length == 0 ? 0 : lengths[(int) Math.ceil(SHARE * lengths.length) - 1];
            return new TokenCounts(lengths.length, most, checkpoint.maxTokens());
        }
    }

    /** The length at which to cut: {@link #most}, rounded up, and no more than the encoder takes. */
    public int cut() {
        return Math.min(limit, Math.max(ROUND, (most + ROUND - 1) / ROUND * ROUND));
    }
}
