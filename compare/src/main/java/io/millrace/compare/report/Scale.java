package io.millrace.compare.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Places values on an axis.
 *
 * @param low the value at the start
 * @param high the value at the end
 * @param step distance between ticks: one, two or five times a power of ten
 * @param start where the axis starts, in pixels
 * @param end where it ends
 */
record Scale(double low, double high, double step, double start, double end) {

    private static final double MOST_STEPS = 5;

    /** The scale that starts and ends with a tick and covers {@code smallest} to {@code largest}. */
    static Scale over(double smallest, double largest, double start, double end) {
        double span = largest - smallest;
        double power = Math.pow(10, Math.floor(Math.log10(span / MOST_STEPS)));
        double steps = span / MOST_STEPS / power;
        double step = power * (steps <= 1 ? 1 : steps <= 2 ? 2 : steps <= 5 ? 5 : 10);
        double low = Math.floor(smallest / step) * step;
        double high = Math.ceil(largest / step) * step;
        return new Scale(low, high, step, start, end);
    }

    double at(double value) {
        return start + (value - low) / (high - low) * (end - start);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (long tick = 0; tick <= Math.round((high - low) / step); tick++) {
            ticks.add(low + tick * step);
        }
        return ticks;
    }

    String shown(double tick) {
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%." + decimals + "f", tick + 0.0);
    }
}
