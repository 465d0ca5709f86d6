package io.millrace.app.predict;

import io.millrace.encoder.tokens.TextInput;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** The answer of a model for one text. */
public sealed interface Prediction permits LabelPrediction, ScorePrediction {

    /** The text. */
    TextInput input();

    /** The answer as JSON. */
    Answer answer();

    /**
     * The answer as JSON.
     *
     * @param label the most probable label; absent for a regression
     * @param probabilities the probability of every label; absent for a regression
     * @param score the number; absent for labels
     */
    record Answer(@Nullable String label, @Nullable Map<String, Float> probabilities, @Nullable Float score) {}

    /** The text, and under it the answer: of labels the {@code most} most probable. */
    List<String> lines(int most);

    /** A text or pair on one line. */
    static String shown(TextInput input) {
        return input.textPair() == null ? input.text() : input.text() + " | " + input.textPair();
    }
}
