package io.millrace.evaluator.score;

import io.millrace.schemas.LabelledExample;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Maps the labels of a model to those of a probe set. Usually each label maps to itself. The one exception is for two-way
 * entailment probes such as HANS: if the probe set has the label {@code non-entailment} and the model's labels are
 * entailment, neutral and contradiction, the latter two map to {@code non-entailment}. As in HANS, the most probable of
 * the model's own labels is chosen first and then mapped; the probability of {@code non-entailment} is the sum of the two.
 */
public final class LabelMapping {

    private static final String NON_ENTAILMENT = "non-entailment";
    private static final Set<String> THREE_WAY = Set.of("entailment", "neutral", "contradiction");
    private static final Set<String> NOT_ENTAILED = Set.of("neutral", "contradiction");

    private final List<String> answers;

    private LabelMapping(List<String> answers) {
        this.answers = answers;
    }

    /** The mapping from {@code modelLabels}, in the order of the model's columns, to the labels of a probe set. */
    static LabelMapping between(List<String> modelLabels, Collection<String> probeLabels) {
        if (probeLabels.contains(NON_ENTAILMENT) && THREE_WAY.equals(Set.copyOf(modelLabels))) {
            return new LabelMapping(modelLabels.stream()
                    .map(label -> NOT_ENTAILED.contains(label) ? NON_ENTAILMENT : label)
                    .toList());
        }
        return new LabelMapping(List.copyOf(modelLabels));
    }

    /** The mapping from {@code modelLabels}, in the order of the model's columns, to the labels of these examples. */
    static LabelMapping of(List<String> modelLabels, List<LabelledExample> examples) {
        return between(
                modelLabels, examples.stream().map(LabelledExample::label).collect(Collectors.toSet()));
    }

    /** The probability of each label of the probe set, from those of the model's labels. Shape [examples, labels]. */
    Probabilities probabilities(List<float[]> rows) {
        return new Probabilities(answers, rows);
    }

    /**
     * Scores the examples of a probe set, in their order.
     *
     * @param modelLabels the labels of the columns
     * @param examples the examples
     * @param probabilities one row per example. Shape [examples, labels]
     */
    public static List<ScoredExample> score(
            List<String> modelLabels, List<LabelledExample> examples, List<float[]> probabilities) {
        LabelMapping mapping = of(modelLabels, examples);
        List<ScoredExample> scored = new ArrayList<>();
        for (int i = 0; i < probabilities.size(); i++) {
            scored.add(mapping.score(examples.get(i).label(), probabilities.get(i)));
        }
        return scored;
    }

    /**
     * Scores one example.
     *
     * @param label the right label, one of the probe set's
     * @param probabilities one per model label, in their order; of equal ones the first is the prediction
     */
    ScoredExample score(String label, float[] probabilities) {
        if (probabilities.length != answers.size()) {
            throw new IllegalArgumentException("a row of probabilities must have one entry per label: expected "
                    + answers.size() + ", got " + probabilities.length);
        }
        int best = 0;
        Map<String, Double> probabilityByAnswer = new LinkedHashMap<>();
        for (int column = 0; column < probabilities.length; column++) {
            probabilityByAnswer.merge(answers.get(column), (double) probabilities[column], Double::sum);
            if (probabilities[column] > probabilities[best]) {
                best = column;
            }
        }
        String predicted = answers.get(best);
        return new ScoredExample(
                label,
                predicted,
                probabilityByAnswer.getOrDefault(label, 0.0),
                probabilityByAnswer.getOrDefault(predicted, 0.0));
    }
}
