package io.millrace.trainer.drift;

import io.millrace.trainer.drift.detector.Memory;
import io.millrace.trainer.drift.detector.Scored;

/**
 * Whether the model was wrong about an example before it trained on it. The reference is the error over one window: the window after which
 * the error last improved, by at least its standard error. It never rises but at a new baseline, so a slow rise adds up. One standard error
 * is added to the tolerance, because the best of several windows is better than the model is.
 */
final class TestThenTrainError implements Statistic {

    private static final double NONE = 2;

    private final int window;
    private final double tolerance;
    private double best = NONE;
    private long count;
    private long errors;

    TestThenTrainError(int window, double tolerance) {
        this.window = window;
        this.tolerance = tolerance;
    }

    @Override
    public Scored take(Observation next) {
        double error = next.right() ? 0 : 1;
        // Before the first reference, every error is tolerated.
        Scored scored = best == NONE ? new Scored(error, 1, 0) : new Scored(error, best, tolerance + deviation());
        count++;
        errors += next.right() ? 0 : 1;
        if (count == window) {
            double mean = errors / (double) window;
            if (best == NONE || mean <= best - deviation()) {
                best = mean;
            }
            count = 0;
            errors = 0;
        }
        return scored;
    }

    private double deviation() {
        return Math.sqrt(best * (1 - best) / window);
    }

    @Override
    public void newBaseline() {
        best = NONE;
        count = 0;
        errors = 0;
    }

    @Override
    public void keep(Memory memory) {
        best = memory.real("best", best);
        count = memory.number("count", count);
        errors = memory.number("errors", errors);
    }
}
