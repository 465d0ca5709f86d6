package io.millrace.trainer.drift.detector;

import java.util.Arrays;
import java.util.Locale;

/**
 * An e-detector (Shin, Ramdas and Rinaldo, "E-detectors: a nonparametric framework for sequential change detection", arXiv 2203.03532) for
 * the mean of scores x in [0, 1]. As long as the mean of each score, given all before it, is at most the tolerated m0, the factor
 *
 * <pre>e = 1 + l (x - m0), 0 &lt;= l &lt; 1/m0,</pre>
 *
 * has an expectation of at most 1. So with {@code M = e max(M, 1)}, the recursion of CUSUM, the expectation of M at any stopping time is at
 * most that of the number of scores until then, and so is that of an average of several M. The alarm is raised at an average of
 * {@code expectedRunLength} or more: without a change that takes at least so many examples in expectation. Nothing is assumed about
 * dependence between the scores. M is averaged over the bets {@code l = b/m0} and, if falls count too, over 1 - x and 1 - m0. (M = e (M +
 * 1), the recursion of Shiryaev and Roberts, has the same bound and is sooner, but it raises an alarm after that many examples even if
 * every score is m0.)
 *
 * <p>A change began where M was last at 1. Bets that have gathered at least a tenth of the largest M give the range.
 */
public final class EDetector implements ChangeDetector {

    private static final double[] BETS = {3.0 / 4, 1.0 / 2, 1.0 / 4, 1.0 / 8, 1.0 / 16, 1.0 / 32};
    private static final double COMPARABLE = 0.1;

    private final long expectedRunLength;
    private final boolean isTwoSided;
    private final double[] evidence;
    private final long[] beginning;
    private final long[] examples;

    /**
     * A detector at its start.
     *
     * @param expectedRunLength examples until an alarm without a change, at least, in expectation
     * @param isTwoSided whether a fall of the mean is a change, as a rise is
     */
    public EDetector(long expectedRunLength, boolean isTwoSided) {
        this.expectedRunLength = expectedRunLength;
        this.isTwoSided = isTwoSided;
        int size = BETS.length * (isTwoSided ? 2 : 1);
        evidence = new double[size];
        beginning = new long[size];
        examples = new long[size];
    }

    @Override
    public boolean add(Scored scored, long offset) {
        double rise = (scored.score() - scored.high()) / scored.high();
        bet(0, rise, offset);
        if (isTwoSided) {
            double fall = (scored.low() - scored.score()) / (1 - scored.low());
            bet(BETS.length, fall, offset);
        }
        return evidence() >= 1;
    }

    /** {@code gain} is (x - m0)/m0, at least -1. */
    private void bet(int from, double gain, long offset) {
        for (int b = 0; b < BETS.length; b++) {
            int i = from + b;
            double e = 1 + BETS[b] * gain;
            if (evidence[i] <= 1) {
                evidence[i] = 1;
                beginning[i] = offset;
                examples[i] = 0;
            }
            evidence[i] *= e;
            examples[i]++;
        }
    }

    @Override
    public Began began() {
        int best = 0;
        for (int i = 1; i < evidence.length; i++) {
            best = evidence[i] > evidence[best] ? i : best;
        }
        long first = beginning[best];
        long last = beginning[best];
        for (int i = 0; i < evidence.length; i++) {
            if (evidence[i] >= COMPARABLE * evidence[best]) {
                first = Math.min(first, beginning[i]);
                last = Math.max(last, beginning[i]);
            }
        }
        return new Began(first, last + 1, Math.max(1, examples[best]));
    }

    @Override
    public void reset() {
        Arrays.fill(evidence, 0);
        Arrays.fill(beginning, 0);
        Arrays.fill(examples, 0);
    }

    @Override
    public double evidence() {
        double sum = 0;
        for (double one : evidence) {
            sum += one;
        }
        return sum / evidence.length / expectedRunLength;
    }

    @Override
    public String rule() {
        return String.format(Locale.ROOT, "e-detector(%d)", expectedRunLength);
    }

    @Override
    public void keep(Memory memory) {
        memory.reals("evidence", evidence);
        memory.numbers("beginning", beginning);
        memory.numbers("examples", examples);
    }
}
