package io.millrace.trainer.monitor;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.FallBelowBest;
import io.millrace.trainer.config.DriftConfig;

import java.util.Optional;

/**
 * Test-then-train accuracy over the last {@code window} examples, and its drift by the rule of {@link FallBelowBest}: a full window after
 * each mini-batch is one reading. It lives in this process; a restart begins a new window, and a drift that was open is not spoken of
 * again.
 */
public final class PrequentialAccuracy {

    static final String METRIC = "prequentialAccuracy";

    private final DriftConfig config;
    private final boolean[] right;
    private long seen;
    private int rightInWindow;
    private FallBelowBest before;
    private FallBelowBest drift;

    public PrequentialAccuracy(DriftConfig config) {
        this.config = config;
        this.right = new boolean[config.window()];
    }

    /** Takes the predictions of a mini-batch; gives the phase that it brings about, if any. */
    public Optional<DriftPhase> add(boolean[] predictedRight) {
        for (boolean one : predictedRight) {
            int slot = (int) (seen % right.length);
            rightInWindow += (one ? 1 : 0) - (right[slot] ? 1 : 0);
            right[slot] = one;
            seen++;
        }
        if (seen < right.length) {
            return Optional.empty();
        }
        return advance(drift == null ? FallBelowBest.first(value()) : drift.after(value(), config.margin()));
    }

    /** Counts a checkpoint that tells of no drift yet; gives the phase that is to be told with it, if any. */
    public Optional<DriftPhase> checkpoint() {
        return drift == null ? Optional.empty() : advance(drift.afterCheckpoint());
    }

    private Optional<DriftPhase> advance(FallBelowBest after) {
        before = drift == null ? after : drift;
        drift = after;
        return drift.phaseSince(before);
    }

    boolean isDrifting() {
        return drift != null && drift.drifting();
    }

    /** Share of right predictions in the window; not a number before the first example. */
    public double value() {
        return seen == 0 ? Double.NaN : rightInWindow / (double) Math.min(seen, right.length);
    }

    /** The event on the newest phase. */
    public DriftEvent event(String task, DriftPhase phase, long step) {
        return new DriftEvent(
                task,
                phase,
                METRIC,
                drift.detectorSince(before, config.margin()),
                drift.readingSince(before, Math.min(seen, right.length)),
                step);
    }
}
