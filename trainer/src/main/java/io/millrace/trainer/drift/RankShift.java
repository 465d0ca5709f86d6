package io.millrace.trainer.drift;

import io.millrace.trainer.drift.detector.Memory;
import io.millrace.trainer.drift.detector.Scored;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * A number per example, scored by its rank among the first reference numbers: the share of them that is smaller, equal ones counting half.
 * The scores of the other reference numbers give the mean without drift. The rank needs no unit, and no single number can move the mean far.
 */
final class RankShift {

    private final double[] ranked;
    private final int based;
    private final double tolerance;
    private final Baseline baseline = new Baseline();
    private long seen;

    /**
     * A statistic without a reference.
     *
     * @param reference examples in the reference; half of them are ranked among, the others give the mean
     */
    RankShift(int reference, double tolerance) {
        ranked = new double[reference / 2];
        based = reference - ranked.length;
        this.tolerance = tolerance;
    }

    /** The score of the next number; null as long as the reference is being learned. */
    @Nullable
    Scored take(double number) {
        if (seen < ranked.length) {
            ranked[(int) seen++] = number;
            if (seen == ranked.length) {
                Arrays.sort(ranked);
            }
            return null;
        }
        double rank = rank(number);
        if (baseline.count() < based) {
            baseline.add(rank);
            return null;
        }
        return baseline.score(rank, tolerance);
    }

    /** The score of an example without a number, which changes no mean. */
    @Nullable
    Scored neutral() {
        return baseline.count() < based ? null : baseline.neutral(tolerance);
    }

    private double rank(double number) {
        int smaller = first(number, false);
        int notLarger = first(number, true);
        return (smaller + notLarger) / 2.0 / ranked.length;
    }

    /** Index of the first number that is larger than {@code number}, or, unless {@code larger}, at least as large. */
    private int first(double number, boolean larger) {
        int low = 0;
        int high = ranked.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ranked[middle] < number || (larger && ranked[middle] == number)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    void newBaseline() {
        seen = 0;
        Arrays.fill(ranked, 0);
        baseline.clear();
    }

    void keep(Memory memory) {
        memory.reals("ranked", ranked);
        seen = memory.number("seen", seen);
        baseline.keep(memory.within("baseline"));
    }
}
