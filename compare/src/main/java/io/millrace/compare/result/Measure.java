package io.millrace.compare.result;

import com.fasterxml.jackson.annotation.JsonValue;

import java.util.Locale;

/** How a probe set is scored. More is always better. */
public enum Measure {
    /** Share of right predictions; a regression is right within the task's tolerance. */
    ACCURACY("accuracy", 100, 1),
    /** Share of the labels' variance that a regression explains. */
    R_SQUARED("r-squared", 1, 3),
    /** Area under the ROC curve that separates in-scope from out-of-scope texts by the largest class probability. */
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

    /** The value as text, without a unit; accuracy is in percent. */
    public String shown(double value) {
        // Adding zero turns a negative zero into zero.
        double rounded = Math.round(value * factor * Math.pow(10, decimals)) / Math.pow(10, decimals) + 0.0;
        return String.format(Locale.ROOT, "%." + decimals + "f", rounded);
    }

    /** A difference of two values as text, with its sign. */
    public String shownWithSign(double difference) {
        String shown = shown(difference);
        return shown.startsWith("-") ? shown : "+" + shown;
    }

    /** The unit to print after a value. */
    public String unit() {
        return this == ACCURACY ? " %" : "";
    }
}
