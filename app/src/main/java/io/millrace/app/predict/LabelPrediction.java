package io.millrace.app.predict;

import io.millrace.encoder.tokens.TextInput;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The answer of a classifier for one text.
 *
 * @param input the text
 * @param probabilities the probability of every label, in the order of the model's labels
 */
public record LabelPrediction(TextInput input, Map<String, Float> probabilities) implements Prediction {

    /** The row of a classifier's answer for one text. */
    public static LabelPrediction of(TextInput input, List<String> labels, float[] row) {
        Map<String, Float> probabilities = new LinkedHashMap<>();
        for (int label = 0; label < row.length; label++) {
            probabilities.put(labels.get(label), row[label]);
        }
        return new LabelPrediction(input, probabilities);
    }

    /** The most probable label. */
    public String label() {
        return ranked().get(0).getKey();
    }

    @Override
    public Answer answer() {
        return new Answer(label(), probabilities, null);
    }

    @Override
    public List<String> lines(int most) {
        int width =
                probabilities.keySet().stream().mapToInt(String::length).max().orElse(1);
        List<String> lines = new ArrayList<>();
        lines.add(Prediction.shown(input));
        ranked().stream()
                .limit(most)
                .forEach(entry -> lines.add(String.format(
                        Locale.ROOT, "  %-" + width + "s %5.1f %%", entry.getKey(), 100 * entry.getValue())));
        return lines;
    }

    private List<Map.Entry<String, Float>> ranked() {
        return probabilities.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .toList();
    }
}
