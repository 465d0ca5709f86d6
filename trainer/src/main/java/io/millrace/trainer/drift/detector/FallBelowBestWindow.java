package io.millrace.trainer.drift.detector;

import java.util.Locale;

/**
 * The rule of earlier versions: the mean error of the newest window is at least {@code margin} above that of the best window so far.
 * Nothing is proven about its false alarms: the smaller the window, the more of them.
 */
public final class FallBelowBestWindow implements ChangeDetector {

    private final double margin;
    private final Window window;
    private double best = 2;
    private long oldest;

    /**
     * A detector at its start.
     *
     * @param window examples in the window
     * @param margin in (0, 1]
     */
    public FallBelowBestWindow(int window, double margin) {
        this.margin = margin;
        this.window = new Window(window);
    }

    @Override
    public boolean add(Scored scored, long offset) {
        window.add(scored.score());
        if (window.count() == 1) {
            oldest = offset;
        }
        if (window.count() < window.size()) {
            return false;
        }
        best = Math.min(best, window.mean());
        boolean isAlarm = evidence() >= 1;
        // Where the examples of a task stand close together, the window began about so many offsets ago.
        oldest = Math.max(oldest, offset - window.size() + 1);
        return isAlarm;
    }

    @Override
    public Began began() {
        return new Began(oldest, oldest + window.size(), window.size());
    }

    @Override
    public void reset() {
        window.clear();
        best = 2;
    }

    @Override
    public double evidence() {
        return best > 1 ? 0 : (window.mean() - best + Window.RESOLUTION) / margin;
    }

    @Override
    public String rule() {
        return String.format(Locale.ROOT, "fall-below-best(%.3f)", margin);
    }

    @Override
    public void keep(Memory memory) {
        window.keep(memory.within("window"));
        best = memory.real("best", best);
        oldest = memory.number("oldest", oldest);
    }
}
