package io.millrace.evaluator.score;

import io.millrace.encoder.tokens.TextInput;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.store.CorruptCheckpointException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Scores a probe set with anything that gives probabilities of labels. */
final class ClassificationScorer implements ProbeRunner {

    private final List<String> labels;
    private final Probabilities model;

    /**
     * A runner for one model.
     *
     * @param labels the model's own labels, whatever the task's are, in the order of its columns
     * @param model the model
     */
    ClassificationScorer(List<String> labels, Probabilities model) {
        if (labels.isEmpty()) {
            throw new CorruptCheckpointException("the model has no labels yet, expected at least one");
        }
        this.labels = List.copyOf(labels);
        this.model = model;
    }

    /** A model as this class sees it. */
    @FunctionalInterface
    interface Probabilities {

        /** One row a text, in their order. Shape [texts, labels]. */
        float[][] of(List<TextInput> texts);
    }

    @Override
    public ProbeScore score(ProbeSet probeSet) {
        Set<String> probeLabels =
                probeSet.examples().stream().map(LabelledExample::label).collect(Collectors.toSet());
        LabelMapping mapping = LabelMapping.between(labels, probeLabels);
        List<float[]> rows = probeSet.ask(texts -> Arrays.asList(model.of(texts)));
        List<ScoredExample> scored = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            LabelledExample example = probeSet.examples().get(i);
            requireFinite(rows.get(i), probeSet, example);
            scored.add(mapping.score(example.label(), rows.get(i)));
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
