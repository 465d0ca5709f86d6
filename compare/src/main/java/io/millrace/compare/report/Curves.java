package io.millrace.compare.report;

import io.millrace.compare.result.Results;
import io.millrace.compare.result.RunResult.Score;

import java.util.List;
import java.util.Locale;

/** The scores along the stream as an SVG image: one panel per probe set, one line per method. It follows the reader's light or dark theme. */
public final class Curves {

    private static final int COLUMNS = 2;
    private static final int MARGIN = 16;
    private static final int LEGEND_LINE = 20;
    private static final int LEGEND_TEXT = 28;

    /** Colours that people with any colour vision can tell apart, on light and dark backgrounds. */
    private static final List<String> COLOURS =
            List.of("#3b7dd8", "#e07b00", "#1a9e77", "#cc4c9b", "#8a6fd1", "#b8860b", "#2aa1b3", "#d1495b");

    private static final String STYLE =
            """
            text { font: 12px system-ui, sans-serif; fill: #222; }
            .title { font-weight: 600; }
            .paper { fill: #fff; }
            .grid { stroke: #ddd; }
            .line { fill: none; stroke-width: 2; }
            .band { fill-opacity: 0.15; stroke: none; }
            @media (prefers-color-scheme: dark) {
              text { fill: #ddd; }
              .paper { fill: #16181d; }
              .grid { stroke: #3a3f47; }
            }
            """;

    private final Results results;

    private Curves(Results results) {
        this.results = results;
    }

    /** The whole file. */
    public static String of(Results results) {
        return new Curves(results).svg();
    }

    private String svg() {
        List<Score> probeSets = results.probeSets();
        int panelsTop = 2 * MARGIN + LEGEND_LINE * results.methods().size();
        int rows = (probeSets.size() + COLUMNS - 1) / COLUMNS;
        int width = MARGIN + COLUMNS * (CurvePanel.WIDTH + MARGIN);
        int height = panelsTop + rows * (CurvePanel.HEIGHT + MARGIN) + LEGEND_LINE;
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">\n",
                width,
                height,
                width,
                height));
        svg.append("<title>Scores along the stream</title>\n");
        svg.append("<style>\n").append(STYLE).append("</style>\n");
        svg.append("<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
        for (int i = 0; i < results.methods().size(); i++) {
            svg.append(legend(i));
        }
        for (int i = 0; i < probeSets.size(); i++) {
            int left = MARGIN + i % COLUMNS * (CurvePanel.WIDTH + MARGIN);
            int top = panelsTop + i / COLUMNS * (CurvePanel.HEIGHT + MARGIN);
            svg.append(String.format(Locale.ROOT, "<g transform=\"translate(%d %d)\">\n", left, top));
            svg.append(new CurvePanel(results, probeSets.get(i)).svg());
            svg.append("</g>\n");
        }
        svg.append(text(
                MARGIN,
                height - MARGIN / 2,
                "",
                "Lines: means over seeds. Bands: from the lowest to the highest seed."));
        return svg.append("</svg>\n").toString();
    }

    private String legend(int method) {
        int y = MARGIN + LEGEND_LINE * method + LEGEND_LINE / 2;
        return String.format(
                        Locale.ROOT,
                        "<line class=\"line\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" %s/>\n",
                        MARGIN,
                        y,
                        MARGIN + LEGEND_TEXT - 6,
                        y,
                        stroke(method))
                + text(MARGIN + LEGEND_TEXT, y + 4, "", results.methods().get(method));
    }

    static String colour(int method) {
        return COLOURS.get(method % COLOURS.size());
    }

    /** If there are more methods than colours, each further round of colours has longer dashes. */
    static String stroke(int method) {
        int round = method / COLOURS.size();
        return "stroke=\"" + colour(method) + "\""
                + (round == 0 ? "" : " stroke-dasharray=\"" + 3 * round + " " + 3 + "\"");
    }

    static String text(double x, double y, String attributes, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" %s>%s</text>\n", x, y, attributes, escaped);
    }
}
