package io.millrace.trainer.monitor;

import static java.util.Objects.requireNonNull;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.FallBelowBest;
import io.millrace.trainer.config.DriftConfig;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * Test-then-train accuracy over the last {@code window} examples, and its drift by the rule of {@link FallBelowBest}: once the window is
 * full, each mini-batch gives one reading. It is not saved: a restart begins a new window, and an open drift is not reported again.
 */
public final class PrequentialAccuracy {

    static final String METRIC = "prequentialAccuracy";

    private final DriftConfig config;
    private final boolean[] right;
    private long seen;
    private int rightInWindow;
    private @Nullable FallBelowBest before;
    private @Nullable FallBelowBest drift;

    public PrequentialAccuracy(DriftConfig config) {
        this.config = config;
        this.right = new boolean[config.window()];
    }

    /** Adds the predictions of a mini-batch; returns the new phase of drift, if any. */
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

    /** Counts a checkpoint without a drift event; returns the phase to publish with it, if any. */
    public Optional<DriftPhase> checkpoint() {
        return drift == null ? Optional.empty() : advance(drift.afterCheckpoint());
    }

    private Optional<DriftPhase> advance(FallBelowBest after) {
        FallBelowBest last = drift == null ? after : drift;
        before = last;
        drift = after;
        return after.phaseSince(last);
    }

    boolean isDrifting() {
        return drift != null && drift.drifting();
    }

    /** Share of right predictions in the window; NaN before the first example. */
    public double value() {
        return seen == 0 ? Double.NaN : rightInWindow / (double) Math.min(seen, right.length);
    }

    /** The event of the newest phase; there must be one. */
    public DriftEvent event(String task, DriftPhase phase, long step) {
        FallBelowBest now = requireNonNull(drift, "no reading yet");
        FallBelowBest last = requireNonNull(before, "no reading yet");
        return new DriftEvent(
                task,
                phase,
                METRIC,
                now.detectorSince(last, config.margin()),
                now.readingSince(last, Math.min(seen, right.length)),
                step);
    }
}
