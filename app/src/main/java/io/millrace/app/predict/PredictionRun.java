package io.millrace.app.predict;

import io.millrace.encoder.TextClassifier;
import io.millrace.encoder.tokens.TextInput;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Classifies texts.
 *
 * @param model gives one prediction per text, in order
 * @param pairs whether each input is two texts, one after the other
 * @param answers takes the predictions, in the order of the texts
 */
public record PredictionRun(
        Function<List<TextInput>, List<Prediction>> model, boolean pairs, Consumer<Prediction> answers) {

    /** The model of a loaded checkpoint. */
    public static Function<List<TextInput>, List<Prediction>> modelOf(TextClassifier classifier) {
        return inputs -> {
            List<Prediction> predictions = new ArrayList<>();
            if (classifier.isRegression()) {
                float[] scores = classifier.scores(inputs);
                for (int i = 0; i < scores.length; i++) {
                    predictions.add(new ScorePrediction(inputs.get(i), scores[i]));
                }
            } else {
                float[][] rows = classifier.probabilities(inputs);
                for (int i = 0; i < rows.length; i++) {
                    predictions.add(LabelPrediction.of(inputs.get(i), classifier.labels(), rows[i]));
                }
            }
            return predictions;
        };
    }

    private static final int MOST_LINES_AT_ONCE = 128;

    /** Classifies a list of texts. */
    public void classify(List<String> texts) {
        List<TextInput> inputs = new ArrayList<>();
        for (int next = 0; next < texts.size(); next += pairs ? 2 : 1) {
            inputs.add(new TextInput(texts.get(next), pairs ? second(texts, next + 1) : null));
        }
        model.apply(inputs).forEach(answers);
    }

    /** Classifies lines as they arrive, so that typed lines are answered at once. */
    public void classify(BufferedReader lines) throws IOException {
        List<String> waiting = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            waiting.add(line);
            boolean complete = !pairs || waiting.size() % 2 == 0;
            if (complete && (waiting.size() >= MOST_LINES_AT_ONCE || !lines.ready())) {
                classify(waiting);
                waiting.clear();
            }
        }
        if (!waiting.isEmpty()) {
            classify(waiting);
        }
    }

    private static String second(List<String> texts, int index) {
        if (index == texts.size()) {
            throw new IllegalArgumentException("a pair needs two texts, got only \"" + texts.get(index - 1) + "\"");
        }
        return texts.get(index);
    }
}
