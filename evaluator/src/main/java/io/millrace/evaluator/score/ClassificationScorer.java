package io.millrace.evaluator.score;

import io.millrace.evaluator.score.ProbeOutputs.OutputModel;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.store.CorruptCheckpointException;

import java.util.List;

/** Scores a loaded classifier on probe sets. */
final class ClassificationScorer implements LoadedScorer {

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

    @Override
    public List<ScoredExample> answers(String name, List<LabelledExample> examples) {
        List<float[]> probabilities = ProbeOutputs.of(name, examples, model, CorruptCheckpointException::new);
        return LabelMapping.score(labels, examples, probabilities);
    }

    @Override
    public ScoredSet score(ProbeSet probeSet) {
        List<ScoredExample> scored = answers("probe set " + probeSet.name(), probeSet.examples());
        ProbeScore score = new ProbeScore(
                probeSet.reference(),
                ClassificationScores.accuracy(scored),
                ClassificationScores.macroF1(scored),
                ClassificationScores.negativeLogLikelihood(scored),
                ClassificationScores.calibrationError(scored));
        return new ScoredSet(probeSet, score, List.copyOf(scored));
    }
}
