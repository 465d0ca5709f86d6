package io.millrace.app.console;

import java.io.PrintWriter;
import java.time.Duration;

/**
 * Where a long command prints. On a terminal the last line is a progress bar that moves; elsewhere progress is a plain line
 * now and then.
 */
public final class ProgressPrinter {

    private static final Duration PLAIN_PROGRESS_EVERY = Duration.ofSeconds(30);

    private final PrintWriter out;
    private final boolean terminal;
    private String bar = "";
    private long lastPlainNanos = System.nanoTime();

    /**
     * Prints to {@code out}.
     *
     * @param terminal whether that is a terminal, where a line can be written over
     */
    public ProgressPrinter(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Prints a line, above the progress bar if there is one. */
    public void line(String text) {
        erase();
        out.println(text);
        out.print(bar);
        out.flush();
    }

    /** Shows the progress. */
    public void progress(String text) {
        if (terminal) {
            if (!text.equals(bar)) {
                erase();
                bar = text;
                out.print(bar);
                out.flush();
            }
        } else if (System.nanoTime() - lastPlainNanos > PLAIN_PROGRESS_EVERY.toNanos()) {
            lastPlainNanos = System.nanoTime();
            out.println(text);
        }
    }

    /** Removes the progress bar. */
    public void endProgress() {
        erase();
        bar = "";
        out.flush();
    }

    private void erase() {
        if (!bar.isEmpty()) {
            out.print("\r" + " ".repeat(bar.length()) + "\r");
        }
    }
}
