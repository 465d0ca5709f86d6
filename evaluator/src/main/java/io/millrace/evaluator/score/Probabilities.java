package io.millrace.evaluator.score;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A classifier's probability of each label for each example of a probe set. A label that it does not know has 0. */
final class Probabilities {

    private final Map<String, List<Integer>> outputs = new LinkedHashMap<>();
    private final List<float[]> rows;

    /**
     * Adds up the outputs of one label.
     *
     * @param answers the label of each output; several outputs may have the same
     * @param rows probabilities of the outputs, one row per example. Shape [examples, outputs]
     */
    Probabilities(List<String> answers, List<float[]> rows) {
        this.rows = rows;
        for (int output = 0; output < answers.size(); output++) {
            outputs.computeIfAbsent(answers.get(output), any -> new ArrayList<>())
                    .add(output);
        }
    }

    /** The model's probability of a label for one example. */
    double of(int example, String label) {
        return sum(example, outputs.getOrDefault(label, List.of()));
    }

    /**
     * The squared distance of one example's probabilities from certainty in its label: {@code sum_k (p_k - [k = y])^2}
     * over the labels of the model and y.
     */
    double squaredDistance(int example, String label) {
        double distance = outputs.containsKey(label) ? 0 : 1;
        for (Map.Entry<String, List<Integer>> known : outputs.entrySet()) {
            double error = sum(example, known.getValue()) - (known.getKey().equals(label) ? 1 : 0);
            distance += error * error;
        }
        return distance;
    }

    private double sum(int example, List<Integer> ofLabel) {
        double sum = 0;
        for (int output : ofLabel) {
            sum += rows.get(example)[output];
        }
        return sum;
    }
}
