package io.millrace.app.page.view;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The charts of the page: these and no others. */
public enum Chart {
    /** The terms of the loss. */
    LOSS,
    /** Test-then-train accuracy. */
    ACCURACY,
    /** Scores on probe sets in the distribution of the stream. */
    IN,
    /** Scores on probe sets out of it. */
    OUT;

    private static final Map<String, Chart> BY_NAME =
            Stream.of(values()).collect(Collectors.toMap(Chart::wireName, Function.identity()));

    /** The chart of this name. */
    public static Optional<Chart> of(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** The names of all charts. */
    public static List<String> names() {
        return Stream.of(values()).map(Chart::wireName).toList();
    }

    private String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
