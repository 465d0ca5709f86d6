package io.millrace.compare.stats;

import io.millrace.evaluator.score.ClassificationScores;
import org.apache.commons.statistics.distribution.TDistribution;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The difference between two methods, over the seeds that both have: each difference is between two runs with the same seed.
 *
 * @param difference the mean difference and its interval
 * @param p p-value of the two-sided paired t-test; empty if it cannot be tested: a single pair, or differences that are equal but not
 *     0, whose spread of 0 would make any difference certain
 */
public record PairedDifference(Estimate difference, OptionalDouble p) {

    /**
     * The difference {@code method - baseline}; empty if no seed is in both.
     *
     * @param baseline values by seed
     * @param method values by seed
     */
    public static Optional<PairedDifference> between(Map<Long, Double> baseline, Map<Long, Double> method) {
        List<Double> differences = new ArrayList<>();
        method.forEach((seed, value) -> {
            if (baseline.containsKey(seed)) {
                differences.add(value - baseline.get(seed));
            }
        });
        return differences.isEmpty()
                ? Optional.empty()
                : Optional.of(new PairedDifference(Estimate.of(differences), pValue(differences)));
    }

    private static OptionalDouble pValue(List<Double> differences) {
        if (differences.size() < 2) {
            return OptionalDouble.empty();
        }
        double mean = Estimate.of(differences).mean();
        if (Math.abs(mean) < ClassificationScores.ACCURACY_RESOLUTION) {
            return OptionalDouble.of(1);
        }
        double standardError = Estimate.standardError(differences, mean);
        if (standardError < ClassificationScores.ACCURACY_RESOLUTION) {
            return OptionalDouble.empty();
        }
        double t = Math.abs(mean) / standardError;
        return OptionalDouble.of(2 * TDistribution.of(differences.size() - 1).survivalProbability(t));
    }
}
