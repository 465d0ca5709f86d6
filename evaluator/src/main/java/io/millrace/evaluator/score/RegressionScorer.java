package io.millrace.evaluator.score;

import io.millrace.encoder.tokens.TextInput;
import io.millrace.evaluator.score.RegressionScores.ScoredNumber;
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
final class RegressionScorer {

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

    /**
     * The model's scores on one probe set.
     *
     * @throws CorruptCheckpointException if a prediction is not finite: such weights are unusable
     */
    ProbeScore score(ProbeSet probeSet) {
        List<float[]> predictions =
                ProbeOutputs.of(probeSet.name(), probeSet.examples(), this::rows, CorruptCheckpointException::new);
        List<ScoredNumber> scored = new ArrayList<>();
        for (int i = 0; i < predictions.size(); i++) {
            scored.add(new ScoredNumber(
                    labelOf(probeSet.examples().get(i)), predictions.get(i)[0]));
        }
        OptionalDouble pearson = RegressionScores.pearson(scored);
        return ProbeScore.ofRegression(
                probeSet.reference(),
                RegressionScores.accuracy(tolerance, scored),
                RegressionScores.meanSquaredError(scored),
                pearson.isPresent() ? pearson.getAsDouble() : null);
    }

    private static double labelOf(LabelledExample example) {
        return NumberLabel.parse(example.label())
                .orElseThrow(() -> new IllegalStateException("example " + example.id()
                        + " of a regression's probe set must have a number as its label, got " + example.label()));
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
