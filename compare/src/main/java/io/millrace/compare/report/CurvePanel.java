package io.millrace.compare.report;

import io.millrace.compare.result.Measure;
import io.millrace.compare.result.Results;
import io.millrace.compare.result.RunResult.Evaluation;
import io.millrace.compare.result.RunResult.Score;
import io.millrace.compare.stats.Estimate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The lines of all methods on one probe set, with axes. */
final class CurvePanel {

    static final int WIDTH = 380;
    static final int HEIGHT = 250;

    private static final int LEFT = 62;
    private static final int RIGHT = WIDTH - 12;
    private static final int TOP = 26;
    private static final int BOTTOM = HEIGHT - 42;

    /** The smallest span of the axis, for scores that are all equal. */
    private static final double SMALLEST_SPAN = 0.01;

    private final Results results;
    private final Score probeSet;
    private final Scale horizontal;
    private final Scale vertical;

    CurvePanel(Results results, Score probeSet) {
        this.results = results;
        this.probeSet = probeSet;
        List<Double> all = results.methods().stream()
                .flatMap(method -> points(method).stream())
                .flatMap(point -> point.scores().stream())
                .toList();
        double end = results.runs().stream()
                .mapToDouble(run -> (double) run.last().examples())
                .max()
                .orElseThrow();
        double lowest = Collections.min(all);
        double highest = Math.max(Collections.max(all), lowest + SMALLEST_SPAN * factor());
        horizontal = Scale.over(0, end, LEFT, RIGHT);
        vertical = Scale.over(lowest, highest, BOTTOM, TOP);
    }

    /** The scores of all runs of a method after a number of examples. */
    private record Point(double examples, List<Double> scores) {}

    String svg() {
        StringBuilder svg = new StringBuilder();
        String measure = probeSet.measure().wireName() + (probeSet.measure() == Measure.ACCURACY ? ", %" : "");
        svg.append(Curves.text(LEFT, TOP - 12, "class=\"title\"", probeSet.probeSet()));
        svg.append(Curves.text((LEFT + RIGHT) / 2.0, HEIGHT - 6, "text-anchor=\"middle\"", "examples"));
        double middle = (TOP + BOTTOM) / 2.0;
        String rotated = String.format(Locale.ROOT, "text-anchor=\"middle\" transform=\"rotate(-90 14 %.1f)\"", middle);
        svg.append(Curves.text(14, middle, rotated, measure));
        for (double tick : vertical.ticks()) {
            double y = vertical.at(tick);
            svg.append(grid(LEFT, y, RIGHT, y));
            svg.append(Curves.text(LEFT - 6, y + 4, "text-anchor=\"end\"", vertical.shown(tick)));
        }
        for (double tick : horizontal.ticks()) {
            double x = horizontal.at(tick);
            svg.append(grid(x, BOTTOM, x, BOTTOM + 4));
            svg.append(Curves.text(x, BOTTOM + 18, "text-anchor=\"middle\"", horizontal.shown(tick)));
        }
        for (int method = 0; method < results.methods().size(); method++) {
            svg.append(band(method));
        }
        for (int method = 0; method < results.methods().size(); method++) {
            svg.append(line(method));
        }
        return svg.toString();
    }

    private String band(int method) {
        List<Point> points = points(results.methods().get(method));
        List<String> outline = new ArrayList<>();
        points.forEach(point -> outline.add(0, at(point, Collections.min(point.scores()))));
        points.forEach(point -> outline.add(at(point, Collections.max(point.scores()))));
        return String.format(
                Locale.ROOT,
                "<polygon class=\"band\" fill=\"%s\" points=\"%s\"/>\n",
                Curves.colour(method),
                String.join(" ", outline));
    }

    private String line(int method) {
        List<String> line = new ArrayList<>();
        StringBuilder dots = new StringBuilder();
        for (Point point : points(results.methods().get(method))) {
            double mean = Estimate.of(point.scores()).mean();
            line.add(at(point, mean));
            dots.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>\n",
                    horizontal.at(point.examples()),
                    vertical.at(mean),
                    Curves.colour(method)));
        }
        return String.format(
                        Locale.ROOT,
                        "<polyline class=\"line\" %s points=\"%s\"/>\n",
                        Curves.stroke(method),
                        String.join(" ", line))
                + dots;
    }

    /** Methods with different batch sizes are scored after different numbers of examples; runs of one method after the same. */
    private List<Point> points(String method) {
        List<Evaluation> evaluations = results.of(method).get(0).evaluations();
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < evaluations.size(); i++) {
            List<Double> scores = results.scoresAt(method, probeSet.probeSet(), i).stream()
                    .map(score -> score * factor())
                    .toList();
            points.add(new Point((double) evaluations.get(i).examples(), scores));
        }
        return points;
    }

    private String at(Point point, double score) {
        return String.format(Locale.ROOT, "%.1f,%.1f", horizontal.at(point.examples()), vertical.at(score));
    }

    /** Accuracies are drawn in percent. */
    private double factor() {
        return probeSet.measure() == Measure.ACCURACY ? 100 : 1;
    }

    private static String grid(double x1, double y1, double x2, double y2) {
        return String.format(
                Locale.ROOT,
                "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
                x1,
                y1,
                x2,
                y2);
    }
}
