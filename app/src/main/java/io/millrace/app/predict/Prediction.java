package io.millrace.app.predict;

import io.millrace.encoder.tokens.TextInput;

import java.util.List;

/** What a model says of one text. */
public sealed interface Prediction permits LabelPrediction, ScorePrediction {

    /** The text. */
    TextInput input();

    /** One JSON object. */
    String json();

    /** The text, and under it what the model says: of labels the {@code most} most probable. */
    List<String> lines(int most);

    /** A text or pair on one line. */
    static String shown(TextInput input) {
        return input.textPair() == null ? input.text() : input.text() + " | " + input.textPair();
    }
}
