package io.millrace.app.console;

import java.util.Locale;

/** Figures as the console shows them, the same in every locale. */
public final class Format {

    private Format() {}

    /** As {@link String#format} of the root locale. */
    public static String text(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** A share as a percentage. */
    public static String percent(double share) {
        return text("%.1f %%", 100 * share);
    }

    /** Seconds as minutes and seconds. */
    public static String duration(long seconds) {
        return text("%d:%02d", seconds / 60, seconds % 60);
    }
}
