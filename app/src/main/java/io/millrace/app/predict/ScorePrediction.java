package io.millrace.app.predict;

import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.json.Json;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The answer of a regression model for one text.
 *
 * @param input the text
 * @param score the number
 */
public record ScorePrediction(TextInput input, float score) implements Prediction {

    /** One JSON object with {@code score}. */
    @Override
    public String json() {
        return Json.write(Map.of("score", score));
    }

    @Override
    public List<String> lines(int most) {
        return List.of(Prediction.shown(input), String.format(Locale.ROOT, "  %.3f", score));
    }
}
