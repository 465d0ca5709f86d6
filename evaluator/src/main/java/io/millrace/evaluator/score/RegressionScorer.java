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

/** Scores a probe set with anything that gives numbers. */
final class RegressionScorer implements ProbeRunner {

    private final double tolerance;
    private final Numbers model;

    /**
     * A runner for one model.
     *
     * @param tolerance how far off a prediction may be to count as right
     * @param model the model
     */
    RegressionScorer(double tolerance, Numbers model) {
        this.tolerance = tolerance;
        this.model = model;
    }

    /** A model as this class sees it. */
    @FunctionalInterface
    interface Numbers {

        /** One number a text, in their order. */
        float[] of(List<TextInput> texts);
    }

    @Override
    public ProbeScore score(ProbeSet probeSet) {
        List<Float> predictions = probeSet.ask(texts -> boxed(model.of(texts)));
        List<ScoredNumber> scored = new ArrayList<>();
        for (int i = 0; i < predictions.size(); i++) {
            LabelledExample example = probeSet.examples().get(i);
            scored.add(new ScoredNumber(labelOf(example), finite(predictions.get(i), probeSet, example)));
        }
        OptionalDouble pearson = PearsonCorrelation.of(scored);
        return ProbeScore.ofRegression(
                probeSet.reference(),
                Accuracy.within(tolerance, scored),
                MeanSquaredError.of(scored),
                pearson.isPresent() ? pearson.getAsDouble() : null);
    }

    private static double labelOf(LabelledExample example) {
        return NumberLabel.parse(example.label())
                .orElseThrow(() -> new IllegalStateException("example " + example.id()
                        + " of a regression's probe set must have a number as its label, got " + example.label()));
    }

    private static float finite(float prediction, ProbeSet probeSet, LabelledExample example) {
        if (!Float.isFinite(prediction)) {
            throw new CorruptCheckpointException("the model gives no finite number for example " + example.id()
                    + " of probe set " + probeSet.name() + ", got " + prediction);
        }
        return prediction;
    }

    private static List<Float> boxed(float[] numbers) {
        List<Float> boxed = new ArrayList<>(numbers.length);
        for (float number : numbers) {
            boxed.add(number);
        }
        return boxed;
    }
}
