package io.millrace.compare;

import io.millrace.ingest.TextNormalizer;
import io.millrace.schemas.LabelledExample;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Leaves out examples whose text is in a probe set, as ingest does: a probe is never trained on. */
final class ProbeDecontamination {

    private ProbeDecontamination() {}

    /** The examples of {@code stream} whose text is in none of {@code probeSets}. Labels and white space do not matter. */
    static List<LabelledExample> without(List<ComparedProbeSet> probeSets, List<LabelledExample> stream) {
        Set<List<String>> probed = probeSets.stream()
                .flatMap(probeSet -> probeSet.examples().stream())
                .map(ProbeDecontamination::texts)
                .collect(Collectors.toSet());
        return stream.stream()
                .filter(example -> !probed.contains(texts(example)))
                .toList();
    }

    private static List<String> texts(LabelledExample example) {
        return List.of(
                TextNormalizer.normalize(example.text()),
                example.textPair() == null ? "" : TextNormalizer.normalize(example.textPair()));
    }
}
