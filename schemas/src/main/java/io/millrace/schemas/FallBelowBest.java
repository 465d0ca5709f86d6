package io.millrace.schemas;

import java.util.Locale;
import java.util.Optional;

/**
 * The drift rule, and its state for one metric that should be high. With {@code fall = best - latest}:
 *
 * <ul>
 *   <li>drift starts when {@code fall >= margin} (and above 0);
 *   <li>it has recovered once {@code fall <= margin / 2}. The gap between the two thresholds keeps a metric that
 *       fluctuates around one of them from starting and ending drift at every reading;
 *   <li>its checkpoints are counted, and it is reported as ongoing at the 1st, 2nd, 4th, 8th, 16th and 32nd;
 *   <li>at the {@value #LONGEST}th it ends in any case: the metric has settled at another value, and its latest reading
 *       becomes the best that later readings are compared with. The event has the phase {@link DriftPhase#RECOVERED} and
 *       says so in its detector. So one lasting shift gives at most eight events, not one per checkpoint for ever.
 * </ul>
 *
 * @param best the best reading so far, since the last new baseline
 * @param latest the newest reading
 * @param drifting whether drift has started and not ended
 * @param checkpoints for how many checkpoints drift has lasted, not counting the one at which it started
 */
public record FallBelowBest(double best, double latest, boolean drifting, int checkpoints) {

    /** Checkpoints after which a drift that has not recovered ends with a new baseline. */
    public static final int LONGEST = 64;

    /** Two readings closer than this are the same: they are shares of counts, and a smaller difference is rounding. */
    public static final double RESOLUTION = 1e-9;

    public FallBelowBest {
        Required.finite("FallBelowBest.best", best);
        Required.finite("FallBelowBest.latest", latest);
    }

    /** The state after the first reading. */
    public static FallBelowBest first(double reading) {
        return new FallBelowBest(reading, reading, false, 0);
    }

    /** How far the newest reading is below the best; 0 at a new best. */
    public double fall() {
        return best - latest;
    }

    /** The state after one more reading, which may start or end drift. */
    public FallBelowBest after(double reading, double margin) {
        double newBest = Math.max(best, reading);
        double fall = newBest - reading;
        boolean drifts = drifting ? fall > margin / 2 + RESOLUTION : fall >= margin - RESOLUTION && fall > RESOLUTION;
        return new FallBelowBest(newBest, reading, drifts, drifts ? checkpoints : 0);
    }

    /** The state after one more checkpoint; nothing changes unless there is drift. */
    public FallBelowBest afterCheckpoint() {
        if (!drifting) {
            return this;
        }
        return checkpoints + 1 == LONGEST ? first(latest) : new FallBelowBest(best, latest, true, checkpoints + 1);
    }

    /** The phase to report for the change from {@code before}, if any. */
    public Optional<DriftPhase> phaseSince(FallBelowBest before) {
        if (drifting != before.drifting) {
            return Optional.of(drifting ? DriftPhase.STARTED : DriftPhase.RECOVERED);
        }
        boolean due = checkpoints > before.checkpoints && Integer.bitCount(checkpoints) == 1;
        return due ? Optional.of(DriftPhase.ONGOING) : Optional.empty();
    }

    /** The reading that an event on the change from {@code before} reports. At a new baseline the reference is still the old one. */
    public DriftEvent.Reading readingSince(FallBelowBest before, long window) {
        double reference = isNewBaselineSince(before) ? before.best : best;
        return new DriftEvent.Reading(latest, reference, reference - latest, window);
    }

    /** The rule with its numbers; at a new baseline it says so. */
    public String detectorSince(FallBelowBest before, double margin) {
        String rule = String.format(Locale.ROOT, "fall-below-best(%.3f)", margin);
        return isNewBaselineSince(before) ? rule + ", new baseline after " + LONGEST + " checkpoints" : rule;
    }

    private boolean isNewBaselineSince(FallBelowBest before) {
        return before.drifting && !drifting && best < before.best;
    }
}
