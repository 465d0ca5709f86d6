package io.millrace.evaluator.score;

import io.millrace.schemas.PartScores;
import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Scores by name, and the reasons of those that have no value. Numbers are rounded to six decimals. */
public final class Sheet {

    private static final double DECIMALS = 1e6;

    private final Map<String, Double> scores = new LinkedHashMap<>();
    private final Map<String, String> undefined = new LinkedHashMap<>();

    /** Adds a score. */
    public Sheet put(String name, double value) {
        scores.put(name, rounded(value));
        return this;
    }

    /** Adds a score, or the reason why it has no value. */
    public Sheet put(String name, OptionalDouble value, String reason) {
        if (value.isPresent()) {
            put(name, value.getAsDouble());
        } else {
            undefined.put(name, reason);
        }
        return this;
    }

    /** Adds all of another sheet. */
    public Sheet putAll(Sheet other) {
        scores.putAll(other.scores);
        undefined.putAll(other.undefined);
        return this;
    }

    /** The scores, in the order in which they were added. */
    public Map<String, Double> scores() {
        return Collections.unmodifiableMap(scores);
    }

    /** The reasons, by the name of the score. */
    public Map<String, String> undefined() {
        return Collections.unmodifiableMap(undefined);
    }

    /** This sheet as that of a part of a probe set. */
    public PartScores part(PartScores.Kind kind, @Nullable String attribute, String name, int examples) {
        return new PartScores(kind, attribute, name, examples, scores, undefined.isEmpty() ? null : undefined);
    }

    /** A number as records have it. */
    public static double rounded(double value) {
        // Adding 0 turns -0.0 into 0.0.
        return Math.rint(value * DECIMALS) / DECIMALS + 0.0;
    }
}
