package io.millrace.trainer.drift.detector;

/**
 * The drift detection method (Gama, Medas, Castillo and Rodrigues, "Learning with drift detection", SBIA 2004) for errors x in {0, 1}. With
 * p the share of errors since the last reset and {@code s = sqrt(p (1 - p) / n)}, it keeps the smallest p + s. A warning begins at
 * {@code p + s >= pMin + 2 sMin}, the alarm is raised at {@code p + s >= pMin + 3 sMin}, both after at least {@value #LEAST} examples.
 *
 * <p>Nothing is proven about its false alarms, and they cannot be set: the smallest of many readings is compared with the newest. It is here
 * for comparison with other systems.
 */
public final class Ddm implements ChangeDetector {

    static final int LEAST = 30;
    private static final double WARNING = 2;
    private static final double ALARM = 3;

    private long count;
    private double errors;
    private double lowestShare = 1;
    private double lowestDeviation = 1;
    private double newest;
    private long warnedAt;
    private long warnedOffset;

    @Override
    public boolean add(Scored scored, long offset) {
        count++;
        errors += scored.score();
        if (count < LEAST) {
            return false;
        }
        double share = errors / count;
        double deviation = Math.sqrt(share * (1 - share) / count);
        newest = share + deviation;
        if (newest <= lowestShare + lowestDeviation) {
            lowestShare = share;
            lowestDeviation = deviation;
        }
        if (newest < lowestShare + WARNING * lowestDeviation) {
            warnedAt = 0;
        } else if (warnedAt == 0) {
            warnedAt = count;
            warnedOffset = offset;
        }
        return newest > lowestShare + lowestDeviation && newest >= lowestShare + ALARM * lowestDeviation;
    }

    @Override
    public Began began() {
        return new Began(warnedOffset, warnedOffset + 1, Math.max(1, count - warnedAt + 1));
    }

    @Override
    public void reset() {
        count = 0;
        errors = 0;
        lowestShare = 1;
        lowestDeviation = 1;
        newest = 0;
        warnedAt = 0;
        warnedOffset = 0;
    }

    @Override
    public double evidence() {
        if (count < LEAST || lowestDeviation == 0) {
            return 0;
        }
        return Math.max(0, (newest - lowestShare) / (ALARM * lowestDeviation));
    }

    @Override
    public String rule() {
        return "ddm(2, 3)";
    }

    @Override
    public void keep(Memory memory) {
        count = memory.number("count", count);
        errors = memory.real("errors", errors);
        lowestShare = memory.real("lowestShare", lowestShare);
        lowestDeviation = memory.real("lowestDeviation", lowestDeviation);
        newest = memory.real("newest", newest);
        warnedAt = memory.number("warnedAt", warnedAt);
        warnedOffset = memory.number("warnedOffset", warnedOffset);
    }
}
