package io.millrace.evaluator.score;

import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NumberLabel;
import io.millrace.schemas.ProbeScore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Scores a loaded regression on probe sets. */
final class RegressionScorer implements LoadedScorer {

    private final double tolerance;

    /**
     * A scorer of one model.
     *
     * @param tolerance largest error of a prediction that counts as right
     */
    RegressionScorer(double tolerance) {
        this.tolerance = tolerance;
    }

    @Override
    public List<ScoredNumber> answers(List<LabelledExample> examples, List<float[]> logits) {
        List<ScoredNumber> scored = new ArrayList<>();
        for (int i = 0; i < logits.size(); i++) {
            scored.add(new ScoredNumber(labelOf(examples.get(i)), logits.get(i)[0], tolerance));
        }
        return scored;
    }

    @Override
    public ScoredSet score(ProbeSet probeSet, List<float[]> logits) {
        List<ScoredNumber> scored = answers(probeSet.examples(), logits);
        OptionalDouble pearson = RegressionScores.pearson(scored);
        ProbeScore score = ProbeScore.ofRegression(
                probeSet.reference(),
                RegressionScores.accuracy(scored),
                RegressionScores.meanSquaredError(scored),
                pearson.isPresent() ? pearson.getAsDouble() : null);
        SetDetails details = new DetailedParts(probeSet)
                .slices(part -> slice(Arrays.stream(part).mapToObj(scored::get).toList()))
                .with(new Sheet(), List.of());
        return new ScoredSet(probeSet, score, List.copyOf(scored), details);
    }

    private static Sheet slice(List<ScoredNumber> examples) {
        return new Sheet()
                .put("accuracy", RegressionScores.accuracy(examples))
                .put("meanSquaredError", RegressionScores.meanSquaredError(examples))
                .put("pearson", RegressionScores.pearson(examples), "the labels or the predictions are all the same");
    }

    private static double labelOf(LabelledExample example) {
        return NumberLabel.parse(example.label())
                .orElseThrow(() -> new IllegalStateException("example " + example.id()
                        + " of a regression must have a number as its label, got " + example.label()));
    }
}
