package io.millrace.evaluator.between;

/** The exact McNemar test of two models on the same examples. */
public final class McNemar {

    private McNemar() {}

    /**
     * The two-sided p-value of the hypothesis that a change of rightness is as likely in both directions: with b examples
     * right only before and c right only now, {@code min(1, 2 sum_{i <= min(b, c)} C(b + c, i) / 2^(b + c))}. It is 1 if
     * nothing changed. See McNemar 1947, and Dietterich 1998 for classifiers.
     */
    public static double pValue(long onlyBefore, long onlyNow) {
        long changed = Math.addExact(onlyBefore, onlyNow);
        long fewer = Math.min(onlyBefore, onlyNow);
        // ln of C(n, i) / 2^n, from i = 0 upwards; the largest term is the last.
        double lnTerm = -changed * Math.log(2);
        double lnSum = lnTerm;
        for (long i = 1; i <= fewer; i++) {
            lnTerm += Math.log((double) (changed - i + 1)) - Math.log((double) i);
            lnSum = lnTerm + Math.log1p(Math.exp(lnSum - lnTerm));
        }
        return Math.min(1, 2 * Math.exp(lnSum));
    }
}
