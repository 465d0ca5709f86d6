package io.millrace.compare.result;

import com.fasterxml.jackson.annotation.JsonValue;

import java.util.Locale;

/** How a probe set is scored. More is better, always. */
public enum Measure {
    /** Share of right predictions; a regression's are right within the task's tolerance. */
    ACCURACY("accuracy", 100, 1),
    /** Share of the numbers' variance that a regression explains. */
    R_SQUARED("r-squared", 1, 3),
    /** Area under the curve of the most probable class's probability, in-scope texts against out-of-scope ones. */
    AUROC("auroc", 1, 3);

    private final String wireName;
    private final double factor;
    private final int decimals;

    Measure(String wireName, double factor, int decimals) {
        this.wireName = wireName;
        this.factor = factor;
        this.decimals = decimals;
    }

    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The value as people read it, without a unit: accuracy in percent. */
    public String shown(double value) {
        // Adding zero makes a negative zero a plain one.
        double rounded = Math.round(value * factor * Math.pow(10, decimals)) / Math.pow(10, decimals) + 0.0;
        return String.format(Locale.ROOT, "%." + decimals + "f", rounded);
    }

    /** A difference of two values as people read it. */
    public String shownWithSign(double difference) {
        String shown = shown(difference);
        return shown.startsWith("-") ? shown : "+" + shown;
    }

    /** What stands behind a value. */
    public String unit() {
        return this == ACCURACY ? " %" : "";
    }
}
