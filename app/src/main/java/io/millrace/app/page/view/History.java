package io.millrace.app.page.view;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Several series over the same steps, in bounded memory. The newest rows are kept as they came. Older ones become bands, which keep the
 * minimum and the maximum of each series; when there are too many bands, neighbours are joined. So an extreme never disappears, however
 * long the history.
 *
 * <p>Steps that are repeated after a rollback replace the ones that were undone. Not thread-safe.
 */
final class History {

    /** Most series of one history; the values of further ones are left out. */
    static final int MAX_SERIES = 32;

    private final int maxRows;
    private final int maxBands;
    private final List<String> names = new ArrayList<>();
    private final Deque<Band> rows = new ArrayDeque<>();
    private final List<Band> bands = new ArrayList<>();
    private long rowsPerBand = 1;

    /**
     * The extremes of a run of rows; of one row both are its values. {@code NaN} where a series has no value.
     *
     * @param first the first step
     * @param last the last step
     * @param rows how many rows
     * @param low the lowest value per series; shorter than the names if later series are missing
     * @param high the highest value per series
     */
    record Band(long first, long last, long rows, double[] low, double[] high) {

        double low(int series) {
            return series < low.length ? low[series] : Double.NaN;
        }

        double high(int series) {
            return series < high.length ? high[series] : Double.NaN;
        }

        Band with(Band next) {
            int series = Math.max(low.length, next.low.length);
            double[] lowest = new double[series];
            double[] highest = new double[series];
            for (int i = 0; i < series; i++) {
                lowest[i] = lower(low(i), next.low(i));
                highest[i] = -lower(-high(i), -next.high(i));
            }
            return new Band(first, next.last, rows + next.rows, lowest, highest);
        }

        private static double lower(double a, double b) {
            if (Double.isNaN(a)) {
                return b;
            }
            return Double.isNaN(b) ? a : Math.min(a, b);
        }
    }

    /**
     * An empty history.
     *
     * @param maxRows how many of the newest rows to keep as they came
     * @param maxBands how many bands to keep of older ones
     */
    History(int maxRows, int maxBands) {
        if (maxRows < 1 || maxBands < 2) {
            throw new IllegalArgumentException(
                    "a history needs at least 1 row and 2 bands, got " + maxRows + " and " + maxBands);
        }
        this.maxRows = maxRows;
        this.maxBands = maxBands;
    }

    /** Adds the values at a step, by the names of their series; values that are not finite are left out. */
    void add(long step, Map<String, Double> values) {
        undoFrom(step);
        values.keySet().stream()
                .filter(name -> !names.contains(name))
                .limit(MAX_SERIES - names.size())
                .forEach(names::add);
        double[] row = new double[names.size()];
        Arrays.fill(row, Double.NaN);
        values.forEach((name, value) -> {
            int series = names.indexOf(name);
            if (series >= 0 && Double.isFinite(value)) {
                row[series] = value;
            }
        });
        rows.addLast(new Band(step, step, 1, row, row));
        if (rows.size() > maxRows) {
            age(rows.removeFirst());
        }
    }

    /** The names of the series, in the order in which they came. */
    List<String> names() {
        return List.copyOf(names);
    }

    /** All bands and rows, oldest first; the series are those of {@link #names}. */
    List<Band> all() {
        List<Band> all = new ArrayList<>(bands);
        all.addAll(rows);
        return all;
    }

    private void age(Band oldest) {
        int newest = bands.size() - 1;
        if (newest >= 0 && bands.get(newest).rows() < rowsPerBand) {
            bands.set(newest, bands.get(newest).with(oldest));
            return;
        }
        if (bands.size() == maxBands) {
            joinNeighbours();
        }
        bands.add(oldest);
    }

    private void joinNeighbours() {
        List<Band> joined = new ArrayList<>();
        for (int i = 0; i < bands.size(); i += 2) {
            joined.add(i + 1 < bands.size() ? bands.get(i).with(bands.get(i + 1)) : bands.get(i));
        }
        bands.clear();
        bands.addAll(joined);
        rowsPerBand *= 2;
    }

    private void undoFrom(long step) {
        while (!rows.isEmpty() && rows.getLast().first() >= step) {
            rows.removeLast();
        }
        while (rows.isEmpty() && !bands.isEmpty() && bands.get(bands.size() - 1).last() >= step) {
            bands.remove(bands.size() - 1);
        }
    }
}
