package io.millrace.evaluator;

import io.millrace.encoder.TextInput;
import io.millrace.evaluator.score.Accuracy;
import io.millrace.evaluator.score.CalibrationError;
import io.millrace.evaluator.score.LabelMapping;
import io.millrace.evaluator.score.MacroF1;
import io.millrace.evaluator.score.NegativeLogLikelihood;
import io.millrace.evaluator.score.ScoredExample;
import io.millrace.schemas.CorruptCheckpointException;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeScore;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Scores a probe set with anything that gives probabilities. */
final class ProbeRunner {

    /** Texts in one call of the model: bounds what it holds at once, and how long a request to stop waits. */
    static final int TEXTS_PER_CALL = 256;

    private final List<String> labels;
    private final Probabilities model;

    /**
     * A runner for one model.
     *
     * @param labels the model's labels in the order of its columns
     * @param model the model
     */
    ProbeRunner(List<String> labels, Probabilities model) {
        this.labels = List.copyOf(labels);
        this.model = model;
    }

    /** A model as this class sees it. */
    @FunctionalInterface
    interface Probabilities {

        /** One row a text, in their order. Shape [texts, labels]. */
        float[][] of(List<TextInput> texts);
    }

    /**
     * The model's scores on one probe set.
     *
     * @throws CorruptCheckpointException if a probability is not finite: such weights are as good as none
     */
    ProbeScore score(ProbeSet probeSet) {
        Set<String> probeLabels =
                probeSet.examples().stream().map(LabelledExample::label).collect(Collectors.toSet());
        LabelMapping mapping = LabelMapping.between(labels, probeLabels);
        List<ScoredExample> scored = new ArrayList<>();
        for (int first = 0; first < probeSet.examples().size(); first += TEXTS_PER_CALL) {
            int next = Math.min(first + TEXTS_PER_CALL, probeSet.examples().size());
            List<LabelledExample> examples = probeSet.examples().subList(first, next);
            float[][] rows = model.of(examples.stream()
                    .map(example -> new TextInput(example.text(), example.textPair()))
                    .toList());
            for (int row = 0; row < rows.length; row++) {
                requireFinite(rows[row], probeSet, examples.get(row));
                scored.add(mapping.score(examples.get(row).label(), rows[row]));
            }
        }
        return new ProbeScore(
                probeSet.reference(),
                Accuracy.of(scored),
                MacroF1.of(scored),
                NegativeLogLikelihood.of(scored),
                CalibrationError.of(scored));
    }

    private static void requireFinite(float[] probabilities, ProbeSet probeSet, LabelledExample example) {
        for (float probability : probabilities) {
            if (!Float.isFinite(probability)) {
                throw new CorruptCheckpointException("the model gives no finite probability for example " + example.id()
                        + " of probe set " + probeSet.name() + ", got " + probability);
            }
        }
    }
}
