package io.millrace.app.console;

import java.util.Locale;

/** Sizes for people. */
public final class Bytes {

    private static final double GIBIBYTE = 1 << 30;
    private static final double MEBIBYTE = 1 << 20;

    private Bytes() {}

    /** As MiB, or GiB from one on. */
    public static String words(long bytes) {
        return bytes < GIBIBYTE
                ? String.format(Locale.ROOT, "%.0f MiB", bytes / MEBIBYTE)
                : String.format(Locale.ROOT, "%.1f GiB", bytes / GIBIBYTE);
    }
}
