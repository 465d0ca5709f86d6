package io.millrace.trainer.drift.detector;

import java.util.Arrays;
import java.util.Locale;

/**
 * ADWIN (Bifet and Gavalda, "Learning from time-changing data with adaptive windowing", SIAM SDM 2007) for scores in [0, 1]: a window of
 * growing length in an exponential histogram. Wherever it can be cut into an older part of n0 scores and a newer one of n1 whose means
 * differ by more than
 *
 * <pre>sqrt(2/m v ln(2/d')) + 2/(3m) ln(2/d'), m = 1/(1/n0 + 1/n1), d' = d / ln(n0 + n1), v = mean (1 - mean),</pre>
 *
 * the older part is dropped. It is an alarm if the newer mean is higher. The paper bounds the probability of a false cut at each example by
 * d for independent scores with this d' replaced by d/(n0 + n1), and uses the d' above in practice. With {@code d = 1/(2
 * expectedRunLength)}, that bound means an expected run length of at least {@code expectedRunLength}. With the d' of practice it is
 * confirmed by simulation only.
 */
public final class Adwin implements ChangeDetector {

    private static final int PER_ROW = 5;
    private static final int ROWS = 32;
    private static final int LEAST = 5;

    private final long expectedRunLength;
    private final double delta;
    private final double[] sums = new double[ROWS * (PER_ROW + 1)];
    private final long[] firsts = new long[ROWS * (PER_ROW + 1)];
    private final long[] used = new long[ROWS];
    private double strongest;
    private long beganOffset;
    private long beganExamples;

    public Adwin(long expectedRunLength) {
        this.expectedRunLength = expectedRunLength;
        delta = 1 / (2.0 * expectedRunLength);
    }

    @Override
    public boolean add(Scored scored, long offset) {
        append(0, scored.score(), offset);
        for (int row = 0; row < ROWS - 1 && used[row] > PER_ROW; row++) {
            int oldest = row * (PER_ROW + 1);
            append(row + 1, sums[oldest] + sums[oldest + 1], firsts[oldest]);
            removeOldest(row, 2);
        }
        return cut();
    }

    private void append(int row, double sum, long first) {
        int at = row * (PER_ROW + 1) + (int) used[row]++;
        sums[at] = sum;
        firsts[at] = first;
    }

    private void removeOldest(int row, int buckets) {
        int start = row * (PER_ROW + 1);
        int left = (int) used[row] - buckets;
        System.arraycopy(sums, start + buckets, sums, start, left);
        System.arraycopy(firsts, start + buckets, firsts, start, left);
        used[row] = left;
    }

    /** Drops old buckets while any cut shows a difference; whether one showed a rise. */
    private boolean cut() {
        boolean isRise = false;
        strongest = 0;
        boolean isCut = true;
        while (isCut) {
            isCut = false;
            double width = 0;
            double total = 0;
            for (int row = 0; row < ROWS; row++) {
                for (int i = 0; i < used[row]; i++) {
                    width += 1L << row;
                    total += sums[row * (PER_ROW + 1) + i];
                }
            }
            double older = 0;
            double olderSum = 0;
            for (int row = ROWS - 1; row >= 0 && !isCut; row--) {
                for (int i = 0; i < used[row] && !isCut; i++) {
                    double newer = width - older;
                    if (older >= LEAST && newer >= LEAST) {
                        double rise = (total - olderSum) / newer - olderSum / older;
                        double ratio = Math.abs(rise) / difference(older, newer, total / width);
                        strongest = rise > 0 ? Math.max(strongest, ratio) : strongest;
                        if (ratio > 1) {
                            if (rise > 0) {
                                isRise = true;
                                beganOffset = firsts[row * (PER_ROW + 1) + i];
                                beganExamples = (long) newer;
                            }
                            isCut = true;
                        }
                    }
                    older += 1L << row;
                    olderSum += sums[row * (PER_ROW + 1) + i];
                }
            }
            if (isCut) {
                dropOldest();
            }
        }
        return isRise;
    }

    private double difference(double older, double newer, double mean) {
        double m = 1 / (1 / older + 1 / newer);
        double log = StrictMath.log(2 * StrictMath.log(older + newer) / delta);
        return Math.sqrt(2 / m * mean * (1 - mean) * log) + 2 / (3 * m) * log;
    }

    private void dropOldest() {
        for (int row = ROWS - 1; row >= 0; row--) {
            if (used[row] > 0) {
                removeOldest(row, 1);
                return;
            }
        }
    }

    @Override
    public Began began() {
        return new Began(beganOffset, beganOffset + 1, Math.max(1, beganExamples));
    }

    @Override
    public void reset() {
        Arrays.fill(sums, 0);
        Arrays.fill(firsts, 0);
        Arrays.fill(used, 0);
        strongest = 0;
        beganOffset = 0;
        beganExamples = 0;
    }

    @Override
    public double evidence() {
        return strongest;
    }

    @Override
    public String rule() {
        return String.format(Locale.ROOT, "adwin(%d)", expectedRunLength);
    }

    @Override
    public void keep(Memory memory) {
        memory.reals("sums", sums);
        memory.numbers("firsts", firsts);
        memory.numbers("used", used);
        strongest = memory.real("strongest", strongest);
        beganOffset = memory.number("beganOffset", beganOffset);
        beganExamples = memory.number("beganExamples", beganExamples);
    }
}
