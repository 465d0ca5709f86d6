package io.millrace.compare.stats;

import java.util.Arrays;

/**
 * Area under the receiver operating characteristic: the probability that a random in-scope text scores higher than a random
 * out-of-scope one, ties counting half. {@code (R - m (m + 1) / 2) / (m n)}, where R is the sum of the ranks of the m in-scope
 * scores among all, equal scores sharing their mean rank, and n is the number of out-of-scope scores.
 */
public final class Auroc {

    private Auroc() {}

    /** The area; both need at least one finite score. */
    public static double of(double[] inScope, double[] outOfScope) {
        double[] sorted = new double[inScope.length + outOfScope.length];
        System.arraycopy(inScope, 0, sorted, 0, inScope.length);
        System.arraycopy(outOfScope, 0, sorted, inScope.length, outOfScope.length);
        Arrays.sort(sorted);
        double rankSum = 0;
        for (double score : inScope) {
            rankSum += meanRank(sorted, score);
        }
        double smallest = inScope.length * (inScope.length + 1.0) / 2;
        return (rankSum - smallest) / inScope.length / outOfScope.length;
    }

    /** Ranks begin at 1. */
    private static double meanRank(double[] sorted, double score) {
        int below = firstAtLeast(sorted, score);
        int notAbove = firstAtLeast(sorted, Math.nextUp(score));
        return (below + 1 + notAbove) / 2.0;
    }

    private static int firstAtLeast(double[] sorted, double score) {
        int first = 0;
        int next = sorted.length;
        while (first < next) {
            int middle = (first + next) >>> 1;
            if (sorted[middle] < score) {
                first = middle + 1;
            } else {
                next = middle;
            }
        }
        return first;
    }
}
