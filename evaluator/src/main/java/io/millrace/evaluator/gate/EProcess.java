package io.millrace.evaluator.gate;

import io.millrace.schemas.FreshComparison;
import io.millrace.schemas.FreshExample;
import io.millrace.schemas.OffsetRange;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Evidence that the models in training are better than the champion, on examples fresh to both. With {@code x_i} in
 * {-1, 0, 1} as in {@link FreshComparison}, {@code S = sum x_i}, {@code V = sum (x_i - g_i)^2} with {@code g_i} the mean of
 * the x before i, and {@code psi(l) = (-ln(1 - 2 l) - 2 l) / 4}:
 *
 * <pre>E = mean over l in {1/4, 1/8, ..., 1/512} of exp(l S - psi(l) V)</pre>
 *
 * <p>If the models in training are on average no better than the champion, {@code P(E ever >= 1/alpha) <= alpha}, however
 * often one looks, and although it is another model at every step. See Choe and Ramdas, "Comparing Sequential Forecasters"
 * (arXiv 2110.00115), theorem 2 with c = 2.
 */
public final class EProcess {

    private static final int RATES = 8;

    private EProcess() {}

    /**
     * The comparison after one more checkpoint.
     *
     * @param before the comparison so far; null at the champion's first
     * @param champion id of the champion's checkpoint
     * @param fresh examples with the answers of the models in training; not empty
     * @param championRight whether the champion was right, one flag per example
     * @param offsets the offsets that the checkpoint consumed
     */
    public static FreshComparison after(
            @Nullable FreshComparison before,
            String champion,
            List<FreshExample> fresh,
            boolean[] championRight,
            OffsetRange offsets) {
        if (fresh.size() != championRight.length) {
            throw new IllegalArgumentException("the champion must have answered each fresh example: expected "
                    + fresh.size() + " answers, got " + championRight.length);
        }
        long examples = before == null ? 0 : before.examples();
        long liveWins = before == null ? 0 : before.liveRight();
        long championWins = before == null ? 0 : before.championRight();
        double variance = before == null ? 0 : before.variance();
        for (int i = 0; i < championRight.length; i++) {
            int x = (fresh.get(i).right() ? 1 : 0) - (championRight[i] ? 1 : 0);
            double guess = examples == 0 ? 0 : (liveWins - championWins) / (double) examples;
            variance += (x - guess) * (x - guess);
            examples++;
            liveWins += fresh.get(i).right() ? 1 : 0;
            championWins += championRight[i] ? 1 : 0;
        }
        OffsetRange since = before == null || before.offsets().partition() != offsets.partition()
                ? offsets
                : new OffsetRange(offsets.partition(), before.offsets().first(), offsets.next());
        return new FreshComparison(champion, examples, liveWins, championWins, variance, since);
    }

    /** {@code ln E}; 0 before the first example. */
    public static double logEvidence(FreshComparison comparison) {
        double[] exponents = new double[RATES];
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < RATES; i++) {
            double rate = Math.scalb(1.0, -2 - i);
            double psi = (-Math.log1p(-2 * rate) - 2 * rate) / 4;
            exponents[i] = rate * comparison.lead() - psi * comparison.variance();
            largest = Math.max(largest, exponents[i]);
        }
        double sum = 0;
        for (double exponent : exponents) {
            // Relative to the largest: exp of a long stream's exponent would overflow.
            sum += Math.exp(exponent - largest);
        }
        return largest + Math.log(sum / RATES);
    }
}
