package io.millrace.schemas;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * Further scores of one checkpoint on one probe set; docs/scores.md has the formula of each. A score that applies to the
 * probe set is in {@code scores}, or in {@code undefined} with the reason.
 *
 * @param probeSet name of the probe set
 * @param version its version, as in its {@link ProbeSetReference}
 * @param scores by name
 * @param undefined why a score has no value here, by its name
 * @param parts scores of its parts: the failure rate per capability, then the scores per label, the most frequent first, then
 *     those per value of an attribute, the most frequent first
 * @param leftOut how many parts are left out, because a record must stay small
 * @param change how the answers differ from those of the current model; absent if there was none to compare
 */
public record ProbeDetails(
        String probeSet,
        String version,
        Map<String, Double> scores,
        Map<String, String> undefined,
        List<PartScores> parts,
        int leftOut,
        @Nullable ModelChange change) {

    public ProbeDetails {
        Required.field("ProbeDetails.probeSet", probeSet);
        Required.field("ProbeDetails.version", version);
        scores = Required.numbers("ProbeDetails.scores", scores);
        undefined = Required.map("ProbeDetails.undefined", undefined);
        parts = Required.list("ProbeDetails.parts", parts);
    }

    /** The same with the comparison of two models. */
    public ProbeDetails with(@Nullable ModelChange comparison) {
        return new ProbeDetails(probeSet, version, scores, undefined, parts, leftOut, comparison);
    }
}
