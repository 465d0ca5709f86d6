package io.millrace.evaluator.score;

import io.millrace.evaluator.state.ProbeAttributes;

import java.util.List;

/**
 * How much a text looks like one of the task's labels, over the labels that the model knows but
 * {@value ProbeAttributes#OUT_OF_SCOPE_LABEL}.
 *
 * @param probability the largest of their probabilities (Hendrycks and Gimpel 2017, arXiv 1610.02136)
 * @param negativeEnergy {@code ln sum_k exp(f_k)} over their logits f (Liu et al. 2020, arXiv 2010.03759, temperature 1)
 */
public record ScopeScore(double probability, double negativeEnergy) {

    /** The scores of one text; {@code labels}, {@code logits} and {@code probabilities} belong together. */
    static ScopeScore of(List<String> labels, float[] logits, float[] probabilities) {
        double largest = 0;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < logits.length; i++) {
            if (!labels.get(i).equals(ProbeAttributes.OUT_OF_SCOPE_LABEL)) {
                largest = Math.max(largest, probabilities[i]);
                max = Math.max(max, logits[i]);
            }
        }
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            if (!labels.get(i).equals(ProbeAttributes.OUT_OF_SCOPE_LABEL)) {
                sum += Math.exp(logits[i] - max);
            }
        }
        return new ScopeScore(largest, max + Math.log(sum));
    }
}
