package io.millrace.evaluator.score;

import io.millrace.evaluator.score.ProbeOutputs.OutputModel;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.store.CorruptCheckpointException;

import java.util.List;

/** Scores a loaded classifier on probe sets. */
final class ClassificationScorer {

    private final List<String> labels;
    private final OutputModel model;

    /**
     * A scorer of one model.
     *
     * @param labels the model's own labels, in the order of its columns; the task may have others
     * @param model gives the probability of each label
     */
    ClassificationScorer(List<String> labels, OutputModel model) {
        if (labels.isEmpty()) {
            throw new CorruptCheckpointException("the model has no labels yet, expected at least one");
        }
        this.labels = List.copyOf(labels);
        this.model = model;
    }

    /**
     * The model's scores on one probe set.
     *
     * @throws CorruptCheckpointException if a probability is not finite: such weights are unusable
     */
    ProbeScore score(ProbeSet probeSet) {
        List<float[]> probabilities =
                ProbeOutputs.of(probeSet.name(), probeSet.examples(), model, CorruptCheckpointException::new);
        List<ScoredExample> scored = LabelMapping.score(labels, probeSet.examples(), probabilities);
        return new ProbeScore(
                probeSet.reference(),
                ClassificationScores.accuracy(scored),
                ClassificationScores.macroF1(scored),
                ClassificationScores.negativeLogLikelihood(scored),
                ClassificationScores.calibrationError(scored));
    }
}
