package io.millrace.app.predict;

import io.millrace.encoder.tokens.TextInput;

import java.util.List;

/** The answer of a model for one text. */
public sealed interface Prediction permits LabelPrediction, ScorePrediction {

    /** The text. */
    TextInput input();

    /** One JSON object. */
    String json();

    /** The text, and under it the answer: of labels the {@code most} most probable. */
    List<String> lines(int most);

    /** A text or pair on one line. */
    static String shown(TextInput input) {
        return input.textPair() == null ? input.text() : input.text() + " | " + input.textPair();
    }
}
