package io.millrace.evaluator.score;

import io.millrace.encoder.tokens.TextInput;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NumberLabel;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.store.CorruptCheckpointException;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Scores a loaded regression on probe sets. */
final class RegressionScorer implements LoadedScorer {

    private final double tolerance;
    private final Function<List<TextInput>, float[]> model;

    /**
     * A scorer of one model.
     *
     * @param tolerance largest error of a prediction that counts as right
     * @param model gives one number per text, in their order
     */
    RegressionScorer(double tolerance, Function<List<TextInput>, float[]> model) {
        this.tolerance = tolerance;
        this.model = model;
    }

    @Override
    public List<ScoredNumber> answers(String name, List<LabelledExample> examples) {
        List<float[]> predictions = ProbeOutputs.of(name, examples, this::rows, CorruptCheckpointException::new);
        List<ScoredNumber> scored = new ArrayList<>();
        for (int i = 0; i < predictions.size(); i++) {
            scored.add(new ScoredNumber(labelOf(examples.get(i)), predictions.get(i)[0], tolerance));
        }
        return scored;
    }

    @Override
    public ScoredSet score(ProbeSet probeSet) {
        List<ScoredNumber> scored = answers("probe set " + probeSet.name(), probeSet.examples());
        OptionalDouble pearson = RegressionScores.pearson(scored);
        ProbeScore score = ProbeScore.ofRegression(
                probeSet.reference(),
                RegressionScores.accuracy(scored),
                RegressionScores.meanSquaredError(scored),
                pearson.isPresent() ? pearson.getAsDouble() : null);
        return new ScoredSet(probeSet, score, List.copyOf(scored));
    }

    private static double labelOf(LabelledExample example) {
        return NumberLabel.parse(example.label())
                .orElseThrow(() -> new IllegalStateException("example " + example.id()
                        + " of a regression must have a number as its label, got " + example.label()));
    }

    /** Shape [texts, 1]. */
    private float[][] rows(List<TextInput> texts) {
        float[] numbers = model.apply(texts);
        float[][] rows = new float[numbers.length][];
        for (int i = 0; i < numbers.length; i++) {
            rows[i] = new float[] {numbers[i]};
        }
        return rows;
    }
}
