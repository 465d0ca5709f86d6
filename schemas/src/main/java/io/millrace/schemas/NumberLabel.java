package io.millrace.schemas;

import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** The label of a regression task: a decimal number as text, as {@code 3.0}. */
public final class NumberLabel {

    /** Greatest magnitude: beyond it a 32-bit float no longer tells neighbouring tenths apart, and losses explode. */
    public static final double MAX_MAGNITUDE = 1e6;

    /** JSON's numbers and common variants: no hexadecimal, no suffix, no word for infinity. */
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

    private NumberLabel() {}

    /** The number that {@code label} spells, of any magnitude; empty if it spells none that is finite. */
    public static OptionalDouble parse(String label) {
        if (!DECIMAL.matcher(label).matches()) {
            return OptionalDouble.empty();
        }
        double value = Double.parseDouble(label);
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** The canonical text of {@code value}: equal numbers have equal labels. */
    public static String of(double value) {
        return Double.toString(value == 0 ? 0.0 : value);
    }
}
