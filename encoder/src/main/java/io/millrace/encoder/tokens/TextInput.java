package io.millrace.encoder.tokens;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * The input of a classifier.
 *
 * @param text the text, or the first of a pair
 * @param textPair the second text of a pair; null for a single text
 */
public record TextInput(String text, @Nullable String textPair) {

    public TextInput {
        Objects.requireNonNull(text, "text");
    }
}
