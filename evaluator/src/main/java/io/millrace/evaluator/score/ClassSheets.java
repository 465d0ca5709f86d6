package io.millrace.evaluator.score;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Scores of a classifier on parts of a probe set. */
final class ClassSheets {

    private static final String ONE_LABEL = "every example has the same label";
    private static final String ONE_PREDICTION = "every prediction is the same label";
    private static final String NEVER_PREDICTED = "the label is never predicted";

    private final List<ScoredExample> answers;
    private final Probabilities probabilities;

    /**
     * Scores of one model on one probe set.
     *
     * @param answers one per example
     * @param probabilities of each label for the same examples
     */
    ClassSheets(List<ScoredExample> answers, Probabilities probabilities) {
        this.answers = answers;
        this.probabilities = probabilities;
    }

    /** The scores of a slice, for the examples at these indices: those of a probe set, then {@link #further}. */
    Sheet slice(int[] part) {
        List<ScoredExample> examples = at(part);
        return new Sheet()
                .put("accuracy", ClassificationScores.accuracy(examples))
                .put("macroF1", ClassificationScores.macroF1(examples))
                .put("negativeLogLikelihood", ClassificationScores.negativeLogLikelihood(examples))
                .put("calibrationError", ClassificationScores.calibrationError(examples))
                .putAll(further(part));
    }

    /** Matthews correlation, Brier score, and the mean over the labels of AUROC and AUPR, of the examples at these indices. */
    Sheet further(int[] part) {
        List<ScoredExample> examples = at(part);
        Set<String> labels = examples.stream().map(ScoredExample::label).collect(Collectors.toSet());
        List<Ranking> rankings =
                labels.stream().sorted().map(label -> ranking(label, part)).toList();
        return new Sheet()
                .put("mcc", matthews(examples), labels.size() == 1 ? ONE_LABEL : ONE_PREDICTION)
                .put("brier", brier(part))
                .put("auroc", mean(rankings, Ranking::auroc), ONE_LABEL)
                .put("aupr", mean(rankings, Ranking::averagePrecision), ONE_LABEL);
    }

    /** The scores of one label that occurs, over all examples. */
    Sheet label(String label, LabelCounts counts) {
        int[] all = new int[answers.size()];
        Arrays.setAll(all, i -> i);
        Ranking ranking = ranking(label, all);
        return new Sheet()
                .put("precision", counts.precision(), NEVER_PREDICTED)
                .put("recall", counts.recall(), "no example has the label")
                .put("f1", counts.f1())
                .put("auroc", ranking.auroc(), ONE_LABEL)
                .put("aupr", ranking.averagePrecision(), ONE_LABEL);
    }

    /**
     * Matthews correlation of K labels (Gorodkin 2004): with c right predictions of n, label k occurring {@code t_k} times
     * and predicted {@code p_k} times,
     * {@code (c n - sum_k t_k p_k) / sqrt((n^2 - sum_k p_k^2)(n^2 - sum_k t_k^2))}. Empty if the labels or the predictions
     * are all the same.
     */
    static OptionalDouble matthews(List<ScoredExample> examples) {
        Map<String, LabelCounts> counts = LabelCounts.of(examples);
        double n = examples.size();
        double right = examples.stream().filter(ScoredExample::correct).count();
        double both = 0;
        double predicted = n * n;
        double labelled = n * n;
        for (LabelCounts label : counts.values()) {
            both += (double) label.examples() * label.predicted();
            predicted -= (double) label.predicted() * label.predicted();
            labelled -= (double) label.examples() * label.examples();
        }
        return predicted == 0 || labelled == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((right * n - both) / (Math.sqrt(predicted) * Math.sqrt(labelled)));
    }

    /**
     * Brier score (Brier 1950): {@code (1/n) sum_i sum_k (p_ik - [k = y_i])^2} over the labels k of the model and
     * {@code y_i}. From 0, the best, to 2.
     */
    private double brier(int[] part) {
        return Arrays.stream(part)
                .mapToDouble(
                        i -> probabilities.squaredDistance(i, answers.get(i).label()))
                .average()
                .orElseThrow();
    }

    /** The unweighted mean over the labels that occur, each against all others. Empty if only one occurs. */
    private static OptionalDouble mean(List<Ranking> rankings, Function<Ranking, OptionalDouble> score) {
        return rankings.stream()
                .map(score)
                .flatMapToDouble(OptionalDouble::stream)
                .average();
    }

    /** How the probability of a label ranks the examples that have it above the others. */
    private Ranking ranking(String label, int[] part) {
        double[] positives = new double[part.length];
        double[] negatives = new double[part.length];
        int having = 0;
        int others = 0;
        for (int i : part) {
            double probability = probabilities.of(i, label);
            if (answers.get(i).label().equals(label)) {
                positives[having++] = probability;
            } else {
                negatives[others++] = probability;
            }
        }
        return new Ranking(Arrays.copyOf(positives, having), Arrays.copyOf(negatives, others));
    }

    private List<ScoredExample> at(int[] part) {
        return Arrays.stream(part).mapToObj(answers::get).toList();
    }
}
