package io.millrace.app.page.view;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a {@link History} for a chart that is so many pixels wide. With more points than pixels, each pixel gets the minimum and the
 * maximum of every series, at its first and its last step and in the order in which they occurred.
 *
 * @param x the steps, ascending
 * @param series the values of each series at these steps
 * @param points how many rows the range has
 * @param thinned whether points were left out; no extreme ever is
 */
public record Thinned(List<Long> x, List<Series> series, long points, boolean thinned) {

    /** The widest chart that is served, in pixels. */
    public static final int MAX_WIDTH = 2000;

    /**
     * One series.
     *
     * @param name its name
     * @param values one value per step; null where there is none
     */
    public record Series(String name, List<@Nullable Double> values) {}

    /**
     * Thins a history.
     *
     * @param names the series wanted, in this order; those that the history lacks are left out
     * @param from the first step; the point before it is given too, so that a line reaches the edge of a chart
     * @param to the last step; likewise
     * @param width pixels, at most {@value #MAX_WIDTH}
     */
    static Thinned of(History history, List<String> names, long from, long to, int width) {
        List<String> all = history.names();
        int[] wanted = names.stream().mapToInt(all::indexOf).filter(i -> i >= 0).toArray();
        List<History.Band> bands = visible(history.all(), from, to);
        int pixels = Math.max(1, Math.min(width, MAX_WIDTH));
        long points = bands.stream().mapToLong(History.Band::rows).sum();
        Drawing drawing = new Drawing(wanted);
        if (bands.size() <= 2 * pixels) {
            bands.forEach(band -> drawing.add(List.of(band)));
        } else {
            long first = bands.get(0).first();
            double perPixel = (bands.get(bands.size() - 1).last() - first + 1) / (double) pixels;
            List<History.Band> pixel = new ArrayList<>();
            long number = 0;
            for (History.Band band : bands) {
                long its = (long) ((band.first() - first) / perPixel);
                if (its != number && !pixel.isEmpty()) {
                    drawing.add(pixel);
                    pixel.clear();
                }
                number = its;
                pixel.add(band);
            }
            drawing.add(pixel);
        }
        return new Thinned(drawing.x, drawing.series(all), points, drawing.x.size() < points);
    }

    private static List<History.Band> visible(List<History.Band> bands, long from, long to) {
        int begin = 0;
        while (begin < bands.size() - 1 && bands.get(begin + 1).last() < from) {
            begin++;
        }
        int end = bands.size();
        while (end > begin + 1 && bands.get(end - 2).first() > to) {
            end--;
        }
        return bands.subList(begin, end);
    }

    /** The points so far. */
    private static final class Drawing {

        private final int[] wanted;
        private final List<Long> x = new ArrayList<>();
        private final List<List<@Nullable Double>> values = new ArrayList<>();

        Drawing(int[] wanted) {
            this.wanted = wanted;
            for (int i = 0; i < wanted.length; i++) {
                values.add(new ArrayList<>());
            }
        }

        void add(List<History.Band> pixel) {
            if (pixel.isEmpty()) {
                return;
            }
            long first = pixel.get(0).first();
            long last = pixel.get(pixel.size() - 1).last();
            x.add(first);
            if (last > first) {
                x.add(last);
            }
            for (int i = 0; i < wanted.length; i++) {
                addSeries(pixel, wanted[i], values.get(i), last > first);
            }
        }

        private static void addSeries(
                List<History.Band> pixel, int series, List<@Nullable Double> target, boolean both) {
            double low = Double.NaN;
            double high = Double.NaN;
            boolean fallsFirst = true;
            for (History.Band band : pixel) {
                double lowHere = band.low(series);
                double highHere = band.high(series);
                if (!Double.isNaN(lowHere) && !(lowHere >= low)) {
                    low = lowHere;
                    fallsFirst = false;
                }
                if (!Double.isNaN(highHere) && !(highHere <= high)) {
                    high = highHere;
                    fallsFirst = true;
                }
            }
            // The extreme that was found last comes last.
            target.add(orNull(fallsFirst ? low : high));
            if (both) {
                target.add(orNull(fallsFirst ? high : low));
            }
        }

        private static @Nullable Double orNull(double value) {
            return Double.isNaN(value) ? null : value;
        }

        List<Series> series(List<String> names) {
            List<Series> series = new ArrayList<>();
            for (int i = 0; i < wanted.length; i++) {
                series.add(new Series(names.get(wanted[i]), values.get(i)));
            }
            return series;
        }
    }
}
