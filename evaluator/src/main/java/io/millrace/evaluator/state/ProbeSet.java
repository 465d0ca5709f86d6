package io.millrace.evaluator.state;

import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.Sha256;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * One exact version of a probe set: fixed, labelled, never trained on.
 *
 * @param reference its name, version and distribution
 * @param examples its examples in the order of their ids
 */
public record ProbeSet(ProbeSetReference reference, List<LabelledExample> examples) {

    /** Texts in one call of the model: bounds what it holds at once, and how long a request to stop waits. */
    public static final int TEXTS_PER_CALL = 256;

    public ProbeSet {
        examples = List.copyOf(examples);
    }

    /**
     * The probe set of these examples. Its version is the SHA-256 over one line an example, in the order of their ids
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

    /** What a model says of each example, in their order. */
    public <T> List<T> ask(Function<List<TextInput>, List<T>> model) {
        List<T> answers = new ArrayList<>(examples.size());
        for (int first = 0; first < examples.size(); first += TEXTS_PER_CALL) {
            int next = Math.min(first + TEXTS_PER_CALL, examples.size());
            answers.addAll(model.apply(examples.subList(first, next).stream()
                    .map(example -> new TextInput(example.text(), example.textPair()))
                    .toList()));
        }
        return answers;
    }

    public String name() {
        return reference.name();
    }
}
