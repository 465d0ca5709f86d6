package io.millrace.compare;

import io.millrace.compare.result.Measure;
import io.millrace.evaluator.score.ProbeOutputs;
import io.millrace.schemas.LabelledExample;

import java.util.List;

/**
 * A probe set of a comparison.
 *
 * @param name its name
 * @param measure how it is scored; for {@link Measure#AUROC}, its examples have no labels
 * @param examples its examples, at least one
 */
record ComparedProbeSet(String name, Measure measure, List<LabelledExample> examples) {

    /** One row per example, in their order. Shape [examples, outputs]. */
    List<float[]> outputs(TrainableModel model) {
        return ProbeOutputs.of(
                "probe set " + name,
                examples,
                model::outputs,
                fault -> new IllegalStateException(fault + ". Try a smaller learning rate."));
    }

    /** The labels of a regression. */
    double[] numbers() {
        return examples.stream()
                .map(LabelledExample::label)
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
