package io.millrace.trainer.drift.detector;

import java.util.Arrays;

/** The newest numbers of a stream and their mean, exact to a millionth however long the stream. */
public final class Window {

    /** Two means closer than this are the same. */
    public static final double RESOLUTION = 1e-6;

    private static final double UNITS = 1e6;

    private final long[] values;
    private long seen;
    private long sum;

    /** An empty window for {@code size} numbers. */
    public Window(int size) {
        values = new long[size];
    }

    /** Adds a number of about [-1, 1]; the oldest leaves a full window. */
    public void add(double value) {
        int slot = (int) (seen % values.length);
        sum -= values[slot];
        values[slot] = Math.round(value * UNITS);
        sum += values[slot];
        seen++;
    }

    /** How many numbers it holds. */
    public int count() {
        return (int) Math.min(seen, values.length);
    }

    /** How many it can hold. */
    public int size() {
        return values.length;
    }

    /** Mean of the numbers that it holds; NaN if there is none. */
    public double mean() {
        return count() == 0 ? Double.NaN : sum / UNITS / count();
    }

    /** The number that came {@code ago} before the newest, which is 0 ago. */
    public double ago(int ago) {
        return values[(int) ((seen - 1 - ago) % values.length)] / UNITS;
    }

    /** Mean of the newest {@code count} numbers, or of all if there are fewer. */
    public double meanOfNewest(long count) {
        int taken = (int) Math.min(count, count());
        double total = 0;
        for (int i = 0; i < taken; i++) {
            total += ago(i);
        }
        return total / taken;
    }

    /** Removes all numbers. */
    public void clear() {
        Arrays.fill(values, 0);
        seen = 0;
        sum = 0;
    }

    /** Saves or restores it. */
    public void keep(Memory memory) {
        memory.numbers("values", values);
        seen = memory.number("seen", seen);
        sum = memory.number("sum", sum);
    }
}
