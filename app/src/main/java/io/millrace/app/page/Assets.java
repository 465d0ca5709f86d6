package io.millrace.app.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The files of the page. All are in this build, and none is read by a name from a request. */
final class Assets {

    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";

    private static final String[] SCRIPTS = {
        "main.js",
        "live.js",
        "dom.js",
        "format.js",
        "charts.js",
        "chart.js",
        "marks.js",
        "overview.js",
        "verdicts.js",
        "drift.js",
        "rejected.js",
        "lineage.js",
        "trial.js",
        "settings.js"
    };

    private final Map<String, Asset> byPath = new HashMap<>();

    /**
     * A file.
     *
     * @param type its content type
     * @param bytes its content
     */
    record Asset(String type, byte[] bytes) {}

    Assets() {
        add("/", "index.html", "text/html; charset=utf-8");
        add("/assets/page.css", "page.css", STYLE);
        add("/assets/icon.svg", "icon.svg", "image/svg+xml");
        for (String script : SCRIPTS) {
            add("/assets/" + script, script, SCRIPT);
        }
        add("/assets/uplot.js", UPLOT + "uPlot.esm.js", SCRIPT);
        add("/assets/uplot.css", UPLOT + "uPlot.min.css", STYLE);
    }

    Optional<Asset> at(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    private void add(String path, String resource, String type) {
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("this build lacks the page's file " + resource + ". Build it again.");
            }
            byPath.put(path, new Asset(type, in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the page's file " + resource, e);
        }
    }
}
