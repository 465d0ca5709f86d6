package io.millrace.evaluator.state;

import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.Sha256;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * One exact version of a probe set: fixed, labelled, never trained on.
 *
 * @param reference its name, version and distribution
 * @param examples its examples in the order of their ids
 */
public record ProbeSet(ProbeSetReference reference, List<LabelledExample> examples) {

    public ProbeSet {
        examples = List.copyOf(examples);
    }

    /**
     * The probe set of these examples. Its version is the SHA-256 over one line per example, in the order of their ids
     * (by UTF-16 unit), each line the JSON array {@code ["id","text",textPair or null,"label"]} and a line feed: exactly
     * what the scores depend on.
     */
    public static ProbeSet of(String name, Distribution distribution, List<LabelledExample> examples) {
        List<LabelledExample> ordered = examples.stream()
                .sorted(Comparator.comparing(LabelledExample::id))
                .toList();
        StringBuilder lines = new StringBuilder();
        for (LabelledExample example : ordered) {
            lines.append(Json.write(Arrays.asList(example.id(), example.text(), example.textPair(), example.label())))
                    .append('\n');
        }
        String version = Sha256.of(lines.toString());
        return new ProbeSet(new ProbeSetReference(name, version, distribution, ordered.size()), ordered);
    }

    public String name() {
        return reference.name();
    }
}
