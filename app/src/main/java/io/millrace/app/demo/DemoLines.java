package io.millrace.app.demo;

import io.millrace.app.console.Format;

/** The progress of the demo, in plain ASCII. */
final class DemoLines {

    private static final int BAR_WIDTH = 30;

    private DemoLines() {}

    /**
     * How far the stream has come.
     *
     * @param trained examples trained
     * @param total examples in the stream
     * @param perSecond how many are trained per second; 0 if not known yet
     */
    static String progress(long trained, long total, double perSecond) {
        long done = Math.min(trained, total);
        int filled = total == 0 ? BAR_WIDTH : (int) (BAR_WIDTH * done / total);
        String bar = "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled);
        String speed = perSecond > 0
                ? Format.text("  %.0f/s, %s left", perSecond, Format.duration(Math.round((total - done) / perSecond)))
                : "";
        return Format.text("[%s] %,d of %,d examples", bar, done, total) + speed;
    }
}
