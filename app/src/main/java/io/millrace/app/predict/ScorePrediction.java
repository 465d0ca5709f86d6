package io.millrace.app.predict;

import io.millrace.encoder.tokens.TextInput;

import java.util.List;
import java.util.Locale;

/**
 * The answer of a regression model for one text.
 *
 * @param input the text
 * @param score the number
 */
public record ScorePrediction(TextInput input, float score) implements Prediction {

    @Override
    public Answer answer() {
        return new Answer(null, null, score);
    }

    @Override
    public List<String> lines(int most) {
        return List.of(Prediction.shown(input), String.format(Locale.ROOT, "  %.3f", score));
    }
}
