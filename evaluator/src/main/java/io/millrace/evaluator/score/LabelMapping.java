package io.millrace.evaluator.score;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the labels of a model answer for those of a probe set. Usually each label answers for itself. The one other rule
 * is for two-way entailment probes, as HANS: where the probe set has the label {@code non-entailment} and the model
 * tells entailment, neutral and contradiction apart, both of the latter answer for {@code non-entailment}. The most
 * probable of the model's own labels is taken first and mapped then, as HANS does it; the probability of
 * {@code non-entailment} is the sum of the two.
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
    public static LabelMapping between(List<String> modelLabels, Collection<String> probeLabels) {
        if (probeLabels.contains(NON_ENTAILMENT) && THREE_WAY.equals(Set.copyOf(modelLabels))) {
            return new LabelMapping(modelLabels.stream()
                    .map(label -> NOT_ENTAILED.contains(label) ? NON_ENTAILMENT : label)
                    .toList());
        }
        return new LabelMapping(List.copyOf(modelLabels));
    }

    /**
     * Scores one example.
     *
     * @param label the right label, in the probe set's words
     * @param probabilities one a model label, in their order; the first of equals is taken as the prediction
     */
    public ScoredExample score(String label, float[] probabilities) {
        if (probabilities.length != answers.size()) {
            throw new IllegalArgumentException("a row of probabilities must have one entry a label: expected "
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
                label, predicted, probabilityByAnswer.getOrDefault(label, 0.0), probabilityByAnswer.get(predicted));
    }
}
