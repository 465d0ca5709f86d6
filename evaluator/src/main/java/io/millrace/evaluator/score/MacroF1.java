package io.millrace.evaluator.score;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The unweighted mean, over the labels that occur as a right label or as a prediction, of
 * {@code F1 = 2 TP / (2 TP + FP + FN)}, where TP, FP and FN count the examples that have the label and are given it,
 * are given it wrongly, and have it but are given another.
 */
public final class MacroF1 {

    private MacroF1() {}

    /** The macro F1 over at least one example. */
    public static double of(List<ScoredExample> examples) {
        Map<String, Counts> countsByLabel = new HashMap<>();
        for (ScoredExample example : examples) {
            Counts ofLabel = countsByLabel.computeIfAbsent(example.label(), label -> new Counts());
            Counts ofPredicted = countsByLabel.computeIfAbsent(example.predicted(), label -> new Counts());
            if (example.correct()) {
                ofLabel.truePositives++;
            } else {
                ofLabel.falseNegatives++;
                ofPredicted.falsePositives++;
            }
        }
        return countsByLabel.values().stream().mapToDouble(Counts::f1).average().orElseThrow();
    }

    private static final class Counts {
        private long truePositives;
        private long falsePositives;
        private long falseNegatives;

        private double f1() {
            return 2.0 * truePositives / (2.0 * truePositives + falsePositives + falseNegatives);
        }
    }
}
