package io.millrace.schemas;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Checks that a record which Millrace writes has the fields that its schema requires. Records that users write may lack any
 * field; ingest checks those and gives the reason.
 */
public final class Required {

    private Required() {}

    /** Refuses null; {@code name} is the record and its field, as {@code Origin.topic}. */
    public static void field(String name, @Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is required, got none");
        }
    }

    /** An unmodifiable copy without nulls. */
    public static <T> List<T> list(String name, List<T> values) {
        field(name, values);
        if (values.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException(name + " must not hold null, got " + values);
        }
        return List.copyOf(values);
    }

    /** An unmodifiable copy without nulls, in the same order: the order decides the bytes on the wire. */
    public static <V> Map<String, V> map(String name, Map<String, V> values) {
        field(name, values);
        values.forEach((key, value) -> field(name + "." + key, value));
        return Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** As {@link #map}, of numbers that JSON can hold. */
    static Map<String, Double> numbers(String name, Map<String, Double> values) {
        Map<String, Double> copy = map(name, values);
        copy.forEach((key, value) -> finite(name + "." + key, value));
        return copy;
    }

    /** Refuses values that JSON has no number for; null is allowed. */
    static void finiteIfPresent(String name, @Nullable Double value) {
        if (value != null) {
            finite(name, value);
        }
    }

    /** Refuses values that JSON has no number for. */
    static void finite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " must be a finite number, got " + value);
        }
    }
}
