package io.millrace.compare;

import io.millrace.compare.result.Measure;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.evaluator.score.LabelMapping;
import io.millrace.evaluator.score.ScoredExample;
import io.millrace.schemas.LabelledExample;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A probe set.
 *
 * @param name its name
 * @param measure how it is scored; with {@link Measure#AUROC} its examples have no label
 * @param examples its examples, at least one
 */
record ComparedProbeSet(String name, Measure measure, List<LabelledExample> examples) {

    private static final int TEXTS_PER_CALL = 256;

    /** One row an example, in their order. Shape [examples, outputs]. */
    List<float[]> outputs(TrainableModel student) {
        List<float[]> rows = new ArrayList<>();
        for (int first = 0; first < examples.size(); first += TEXTS_PER_CALL) {
            List<LabelledExample> part = examples.subList(first, Math.min(first + TEXTS_PER_CALL, examples.size()));
            rows.addAll(List.of(student.outputs(part.stream()
                    .map(example -> new TextInput(example.text(), example.textPair()))
                    .toList())));
        }
        for (int i = 0; i < rows.size(); i++) {
            requireFinite(rows.get(i), examples.get(i));
        }
        return rows;
    }

    /**
     * The predictions of a classifier, in the order of the examples.
     *
     * @param modelLabels the labels of the columns
     * @param rows the probabilities
     */
    List<ScoredExample> predictions(List<String> modelLabels, List<float[]> rows) {
        Set<String> labels = examples.stream().map(LabelledExample::label).collect(Collectors.toSet());
        LabelMapping mapping = LabelMapping.between(modelLabels, labels);
        List<ScoredExample> predictions = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            predictions.add(mapping.score(examples.get(i).label(), rows.get(i)));
        }
        return predictions;
    }

    /** The labels of a regression. */
    double[] numbers() {
        return examples.stream()
                .map(LabelledExample::label)
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private void requireFinite(float[] row, LabelledExample example) {
        for (float output : row) {
            if (!Float.isFinite(output)) {
                throw new IllegalStateException("the model gives no finite number for example " + example.id()
                        + " of probe set " + name + ", got " + output + ". Try a smaller learning rate.");
            }
        }
    }
}
