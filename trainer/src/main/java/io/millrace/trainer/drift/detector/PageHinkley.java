package io.millrace.trainer.drift.detector;

import java.util.Locale;

/**
 * The test of Page ("Continuous inspection schemes", Biometrika 1954) in the form of Hinkley (1971) for a rise of the mean: with the mean
 * of all scores so far and a tolerated rise d, {@code S = sum of (x - mean - d)}, and the alarm is raised at {@code S - min S >= h}.
 *
 * <p>For a mean that is known and scores in [0, 1], Hoeffding's lemma bounds the expectation of {@code exp(8 d (x - mean - d))} by 1, so
 * {@code exp(8 d (S - min S))} is an e-detector and {@code h = ln(expectedRunLength) / (8 d)} gives the expected run length. The mean is
 * estimated from the same stream, which the proof does not cover: that it holds then is confirmed by simulation only.
 */
public final class PageHinkley implements ChangeDetector {

    private final long expectedRunLength;
    private final double tolerated;
    private final double limit;
    private long count;
    private double sum;
    private double above;
    private double lowest;
    private long lowestAt;
    private long lowestOffset;

    /**
     * A detector at its start.
     *
     * @param tolerated d, above 0
     */
    public PageHinkley(long expectedRunLength, double tolerated) {
        this.expectedRunLength = expectedRunLength;
        this.tolerated = tolerated;
        limit = StrictMath.log((double) expectedRunLength) / (8 * tolerated);
    }

    @Override
    public boolean add(Scored scored, long offset) {
        count++;
        sum += scored.score();
        if (above <= lowest) {
            lowest = above;
            lowestAt = count;
            lowestOffset = offset;
        }
        above += scored.score() - sum / count - tolerated;
        return above - lowest >= limit;
    }

    @Override
    public Began began() {
        return new Began(lowestOffset, lowestOffset + 1, Math.max(1, count - lowestAt + 1));
    }

    @Override
    public void reset() {
        count = 0;
        sum = 0;
        above = 0;
        lowest = 0;
        lowestAt = 0;
        lowestOffset = 0;
    }

    @Override
    public double evidence() {
        return Math.max(0, (above - lowest) / limit);
    }

    @Override
    public String rule() {
        return String.format(Locale.ROOT, "page-hinkley(%d, %.3f)", expectedRunLength, tolerated);
    }

    @Override
    public void keep(Memory memory) {
        count = memory.number("count", count);
        sum = memory.real("sum", sum);
        above = memory.real("above", above);
        lowest = memory.real("lowest", lowest);
        lowestAt = memory.number("lowestAt", lowestAt);
        lowestOffset = memory.number("lowestOffset", lowestOffset);
    }
}
