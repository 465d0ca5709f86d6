package io.millrace.app.between;

import io.millrace.app.console.Table;
import io.millrace.encoder.CentredAlignment;
import io.millrace.encoder.Compute;
import io.millrace.encoder.LayerStates;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.evaluator.between.ModelComparison;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.score.ModelScorer;
import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.ModelChange;
import io.millrace.schemas.ModelChange.Interval;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Two models of a task side by side.
 *
 * @param first the model before
 * @param second the model now
 */
public record SideBySide(StoredModel first, StoredModel second) {

    private static final String NONE = "-";

    /** One row per probe set, with what changed from the first model to the second. */
    public Table answers(EvaluatedTask task, List<ProbeSet> probeSets) {
        ModelScorer scorer = new ModelScorer(() -> {});
        List<ScoredSet> before = scorer.answers(first.directory(), task, probeSets);
        List<ScoredSet> now = scorer.answers(second.directory(), task, probeSets);
        String other = task.task().kind().isRegression() ? "meanSquaredError" : "macroF1";
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            ModelChange change = ModelComparison.of(first.name(), before.get(i), now.get(i));
            rows.add(List.of(
                    now.get(i).probeSet().name(),
                    Integer.toString(now.get(i).probeSet().examples().size()),
                    share(before.get(i).score().accuracy()),
                    share(now.get(i).score().accuracy()),
                    change.churn() == null ? NONE : share(1 - change.churn()),
                    change.churn() == null ? NONE : share(change.churn()),
                    share(change.newlyRight()),
                    share(change.newlyWrong()),
                    String.format(Locale.ROOT, "%.2g", change.pValue()),
                    interval(change.differences().get("accuracy")),
                    interval(change.differences().get(other)),
                    interval(change.differences().get("calibrationError"))));
        }
        return new Table(
                List.of(
                        "probe set",
                        "examples",
                        "first",
                        "second",
                        "agreement",
                        "churn",
                        "newly right",
                        "newly wrong",
                        "p",
                        "accuracy",
                        task.task().kind().isRegression() ? "squared error" : "macro F1",
                        "calibration error"),
                rows);
    }

    /** One row per layer: effective ranks, and how alike the two models represent the texts. */
    public Table layers(Compute compute, List<TextInput> texts) {
        LayerStates before = LayerStates.of(first.directory(), compute, texts);
        LayerStates now = LayerStates.of(second.directory(), compute, texts);
        if (before.means().size() != now.means().size()) {
            throw new IllegalArgumentException(
                    "the models must have equally many layers to be compared layer by layer, got "
                            + (before.means().size() - 1) + " in " + first.name() + " and "
                            + (now.means().size() - 1) + " in "
                            + second.name());
        }
        List<List<String>> rows = new ArrayList<>();
        for (int layer = 0; layer < now.means().size(); layer++) {
            OptionalDouble alignment = CentredAlignment.linear(
                    before.means().get(layer), now.means().get(layer));
            rows.add(List.of(
                    layer == 0 ? "embeddings" : "layer " + layer,
                    Integer.toString(before.ranks().get(layer).plain()),
                    Integer.toString(now.ranks().get(layer).plain()),
                    Integer.toString(before.ranks().get(layer).centred()),
                    Integer.toString(now.ranks().get(layer).centred()),
                    alignment.isPresent() ? share(alignment.getAsDouble()) : NONE));
        }
        return new Table(
                List.of("state", "rank first", "rank second", "less the mean, first", "less the mean, second", "CKA"),
                rows);
    }

    private static String interval(@Nullable Interval interval) {
        return interval == null
                ? NONE
                : String.format(Locale.ROOT, "%+.3f [%+.3f, %+.3f]", interval.value(), interval.low(), interval.high());
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
