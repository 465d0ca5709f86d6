package io.millrace.trainer.policy;

import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.Reaction;
import io.millrace.schemas.Reaction.ProbeReuse;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often training has reacted to verdicts, by version of the probe sets that these rest on. The announcements of the task hold
 * every reaction, abandoned branches included: what was learned from a probe set is not forgotten by going back.
 */
public final class ProbeReuseCounts {

    /** A version is a hash over the examples; the name tells apart two sets with the same examples. */
    private final Map<Version, Integer> reactions = new HashMap<>();

    private record Version(String probeSet, String version) {}

    /** The counts after these reactions. */
    public ProbeReuseCounts(Collection<Reaction> reactions) {
        reactions.forEach(this::add);
    }

    /** Counts a reaction that was announced. */
    public void add(Reaction reaction) {
        for (ProbeReuse reuse : reaction.probeSets()) {
            reactions.merge(new Version(reuse.probeSet(), reuse.version()), 1, Integer::sum);
        }
    }

    /** The reactions so far to verdicts that rest on this version. */
    public int of(ProbeSetReference probeSet) {
        return reactions.getOrDefault(new Version(probeSet.name(), probeSet.version()), 0);
    }

    /** The reuse of the versions that a verdict rests on, after one more reaction to it. */
    List<ProbeReuse> after(ModelUpdate verdict) {
        return verdict.scores().stream()
                .map(score ->
                        new ProbeReuse(score.probeSet().name(), score.probeSet().version(), of(score.probeSet()) + 1))
                .toList();
    }
}
