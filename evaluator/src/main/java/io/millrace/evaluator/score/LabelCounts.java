package io.millrace.evaluator.score;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** How often one label was predicted rightly (TP), wrongly (FP), and missed (FN). */
final class LabelCounts {

    private long truePositives;
    private long falsePositives;
    private long falseNegatives;

    /** The counts of every label that occurs as a right label or as a prediction. */
    static Map<String, LabelCounts> of(List<ScoredExample> examples) {
        Map<String, LabelCounts> countsByLabel = new LinkedHashMap<>();
        for (ScoredExample example : examples) {
            LabelCounts ofLabel = countsByLabel.computeIfAbsent(example.label(), label -> new LabelCounts());
            LabelCounts ofPredicted = countsByLabel.computeIfAbsent(example.predicted(), label -> new LabelCounts());
            if (example.correct()) {
                ofLabel.truePositives++;
            } else {
                ofLabel.falseNegatives++;
                ofPredicted.falsePositives++;
            }
        }
        return countsByLabel;
    }

    /** {@code 2 TP / (2 TP + FP + FN)}. */
    double f1() {
        return 2.0 * truePositives / (2.0 * truePositives + falsePositives + falseNegatives);
    }

    /** {@code TP / (TP + FP)}; empty for a label that is never predicted. */
    OptionalDouble precision() {
        return predicted() == 0 ? OptionalDouble.empty() : OptionalDouble.of(truePositives / (double) predicted());
    }

    /** {@code TP / (TP + FN)}; empty for a label that no example has. */
    OptionalDouble recall() {
        return examples() == 0 ? OptionalDouble.empty() : OptionalDouble.of(truePositives / (double) examples());
    }

    /** Examples with the label. */
    long examples() {
        return truePositives + falseNegatives;
    }

    /** Predictions of the label. */
    long predicted() {
        return truePositives + falsePositives;
    }
}
