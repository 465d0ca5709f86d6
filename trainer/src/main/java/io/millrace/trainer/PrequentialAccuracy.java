package io.millrace.trainer;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.trainer.config.DriftConfig;

import java.util.Locale;
import java.util.Optional;

/**
 * Test-then-train accuracy over the last {@code window} examples, and its drift: it starts when the accuracy of a full window falls
 * by the margin below the best window so far, and has recovered once the fall is at most half the margin. It lives in this process;
 * a restart begins a new window.
 */
final class PrequentialAccuracy {

    static final String METRIC = "prequentialAccuracy";

    private final DriftConfig config;
    private final boolean[] right;
    private long seen;
    private int rightInWindow;
    private double best;
    private boolean drifting;

    PrequentialAccuracy(DriftConfig config) {
        this.config = config;
        this.right = new boolean[config.window()];
    }

    /** Takes the predictions of a mini-batch; gives the phase that it brings about, if any. */
    Optional<DriftPhase> add(boolean[] predictedRight) {
        for (boolean one : predictedRight) {
            int slot = (int) (seen % right.length);
            rightInWindow += (one ? 1 : 0) - (right[slot] ? 1 : 0);
            right[slot] = one;
            seen++;
        }
        if (seen < right.length) {
            return Optional.empty();
        }
        best = Math.max(best, value());
        double fall = best - value();
        if (!drifting && fall >= config.margin()) {
            drifting = true;
            return Optional.of(DriftPhase.STARTED);
        }
        if (drifting && fall <= config.margin() / 2) {
            drifting = false;
            return Optional.of(DriftPhase.RECOVERED);
        }
        return Optional.empty();
    }

    boolean isDrifting() {
        return drifting;
    }

    /** Share of right predictions in the window; not a number before the first example. */
    double value() {
        return seen == 0 ? Double.NaN : rightInWindow / (double) Math.min(seen, right.length);
    }

    DriftEvent event(String task, DriftPhase phase, long step) {
        return new DriftEvent(
                task,
                phase,
                METRIC,
                String.format(Locale.ROOT, "fall-below-best(%.3f)", config.margin()),
                new DriftEvent.Reading(value(), best, best - value(), Math.min(seen, right.length)),
                step);
    }
}
