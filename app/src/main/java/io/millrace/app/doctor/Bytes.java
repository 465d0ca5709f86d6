package io.millrace.app.doctor;

import java.util.Locale;

/** Sizes for people. */
final class Bytes {

    private static final double GIBIBYTE = 1 << 30;
    private static final double MEBIBYTE = 1 << 20;

    private Bytes() {}

    static String words(long bytes) {
        return bytes < GIBIBYTE
                ? String.format(Locale.ROOT, "%.0f MiB", bytes / MEBIBYTE)
                : String.format(Locale.ROOT, "%.1f GiB", bytes / GIBIBYTE);
    }
}
