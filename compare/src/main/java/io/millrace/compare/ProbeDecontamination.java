package io.millrace.compare;

import io.millrace.ingest.TextNormalizer;
import io.millrace.schemas.LabelledExample;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What is probed is never trained on: as ingest does, a comparison passes over examples whose text stands in a probe set. */
final class ProbeDecontamination {

    private ProbeDecontamination() {}

    /** The examples of {@code stream} that stand in none of {@code probeSets}, whatever their labels and their spaces. */
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
