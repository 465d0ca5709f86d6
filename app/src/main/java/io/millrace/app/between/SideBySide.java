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
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;
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

    /**
     * What changed on a probe set from the first model to the second.
     *
     * @param probeSet the version
     * @param first scores of the first model
     * @param second scores of the second
     * @param change the second less the first
     */
    public record Answers(ProbeSetReference probeSet, ProbeScore first, ProbeScore second, ModelChange change) {}

    /**
     * What changed after one layer.
     *
     * @param state which layer
     * @param rankFirst effective rank of the first model's states
     * @param rankSecond that of the second
     * @param rankLessMeanFirst the same of the first, after the mean is taken off
     * @param rankLessMeanSecond that of the second
     * @param alignment linear centred kernel alignment of the two; absent where it is not defined
     */
    public record Layer(
            String state,
            int rankFirst,
            int rankSecond,
            int rankLessMeanFirst,
            int rankLessMeanSecond,
            @Nullable Double alignment) {}

    /** One entry per probe set. */
    public List<Answers> answers(EvaluatedTask task, List<ProbeSet> probeSets) {
        ModelScorer scorer = new ModelScorer(() -> {});
        List<ScoredSet> before = scorer.answers(first.directory(), task, probeSets);
        List<ScoredSet> now = scorer.answers(second.directory(), task, probeSets);
        List<Answers> answers = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            answers.add(new Answers(
                    now.get(i).probeSet().reference(),
                    before.get(i).score(),
                    now.get(i).score(),
                    ModelComparison.of(first.name(), before.get(i), now.get(i))));
        }
        return answers;
    }

    /** One row per entry; {@code regression}: whether the labels are numbers. */
    public static Table table(List<Answers> answers, boolean regression) {
        String other = regression ? "meanSquaredError" : "macroF1";
        List<List<String>> rows = new ArrayList<>();
        for (Answers answer : answers) {
            ModelChange change = answer.change();
            rows.add(List.of(
                    answer.probeSet().name(),
                    Integer.toString(answer.probeSet().examples()),
                    share(answer.first().accuracy()),
                    share(answer.second().accuracy()),
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
                        regression ? "squared error" : "macro F1",
                        "calibration error"),
                rows);
    }

    /** One entry per layer: effective ranks, and how alike the two models represent the texts. */
    public List<Layer> layers(Compute compute, List<TextInput> texts) {
        LayerStates before = LayerStates.of(first.directory(), compute, texts);
        LayerStates now = LayerStates.of(second.directory(), compute, texts);
        if (before.means().size() != now.means().size()) {
            throw new IllegalArgumentException(
                    "the models must have equally many layers to be compared layer by layer, got "
                            + (before.means().size() - 1) + " in " + first.name() + " and "
                            + (now.means().size() - 1) + " in "
                            + second.name());
        }
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < now.means().size(); layer++) {
            OptionalDouble alignment = CentredAlignment.linear(
                    before.means().get(layer), now.means().get(layer));
            layers.add(new Layer(
                    layer == 0 ? "embeddings" : "layer " + layer,
                    before.ranks().get(layer).plain(),
                    now.ranks().get(layer).plain(),
                    before.ranks().get(layer).centred(),
                    now.ranks().get(layer).centred(),
                    alignment.isPresent() ? alignment.getAsDouble() : null));
        }
        return layers;
    }

    /** One row per layer. */
    public static Table tableOfLayers(List<Layer> layers) {
        List<List<String>> rows = layers.stream()
                .map(layer -> List.of(
                        layer.state(),
                        Integer.toString(layer.rankFirst()),
                        Integer.toString(layer.rankSecond()),
                        Integer.toString(layer.rankLessMeanFirst()),
                        Integer.toString(layer.rankLessMeanSecond()),
                        layer.alignment() == null ? NONE : share(layer.alignment())))
                .toList();
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
