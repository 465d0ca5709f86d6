package io.millrace.evaluator.score;

import io.millrace.evaluator.state.ProbeAttributes;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.store.CorruptCheckpointException;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Scores a loaded classifier on probe sets. */
final class ClassificationScorer implements LoadedScorer {

    private final List<String> labels;
    private final UnaryOperator<float[]> probabilities;

    /**
     * A scorer of one model.
     *
     * @param labels the model's own labels, in the order of its outputs; the task may have others
     * @param probabilities gives the probability of each label from a row of logits
     */
    ClassificationScorer(List<String> labels, UnaryOperator<float[]> probabilities) {
        if (labels.isEmpty()) {
            throw new CorruptCheckpointException("the model has no labels yet, expected at least one");
        }
        this.labels = List.copyOf(labels);
        this.probabilities = probabilities;
    }

    @Override
    public List<ScoredExample> answers(List<LabelledExample> examples, List<float[]> logits) {
        return LabelMapping.score(labels, examples, probabilities(logits));
    }

    @Override
    public ScoredSet score(ProbeSet probeSet, List<float[]> logits) {
        List<float[]> rows = probabilities(logits);
        List<ScoredExample> scored = LabelMapping.score(labels, probeSet.examples(), rows);
        ProbeScore score = new ProbeScore(
                probeSet.reference(),
                ClassificationScores.accuracy(scored),
                ClassificationScores.macroF1(scored),
                ClassificationScores.negativeLogLikelihood(scored),
                ClassificationScores.calibrationError(scored));
        ClassSheets sheets = new ClassSheets(
                scored, LabelMapping.of(labels, probeSet.examples()).probabilities(rows));
        SetDetails details = new DetailedParts(probeSet)
                .labels(sheets, scored)
                .slices(sheets::slice)
                .with(sheets.further(DetailedParts.all(probeSet)), scope(logits, rows));
        return new ScoredSet(probeSet, score, List.copyOf(scored), details);
    }

    private List<float[]> probabilities(List<float[]> logits) {
        return logits.stream().map(probabilities).toList();
    }

    private List<ScopeScore> scope(List<float[]> logits, List<float[]> rows) {
        if (labels.equals(List.of(ProbeAttributes.OUT_OF_SCOPE_LABEL))) {
            return List.of();
        }
        return IntStream.range(0, rows.size())
                .mapToObj(i -> ScopeScore.of(labels, logits.get(i), rows.get(i)))
                .toList();
    }
}
