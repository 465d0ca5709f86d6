package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Scores of a part of a probe set.
 *
 * @param kind what makes the part
 * @param attribute the attribute that makes a slice; absent for the other kinds
 * @param name the label, the capability, or the value of the attribute
 * @param examples how many examples the part has
 * @param scores by name
 * @param undefined why a score has no value here, by its name; absent if all have one
 */
public record PartScores(
        Kind kind,
        @Nullable String attribute,
        String name,
        int examples,
        Map<String, Double> scores,
        @Nullable Map<String, String> undefined) {

    public PartScores {
        Required.field("PartScores.kind", kind);
        Required.field("PartScores.name", name);
        scores = Required.numbers("PartScores.scores", scores);
        undefined = undefined == null ? null : Required.map("PartScores.undefined", undefined);
    }

    /** What the examples of a part have in common. */
    public enum Kind {
        /** Their right label. */
        @JsonProperty("label")
        LABEL,
        /** The value of an attribute. */
        @JsonProperty("slice")
        SLICE,
        /** The capability that they check, see CheckList. */
        @JsonProperty("capability")
        CAPABILITY
    }
}
