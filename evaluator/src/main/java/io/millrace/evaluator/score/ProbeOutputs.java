package io.millrace.evaluator.score;

import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.LabelledExample;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Runs a model on a probe set, a bounded number of texts at a time. */
public final class ProbeOutputs {

    /** Texts per call of the model. Bounds its memory, and how long a request to stop waits. */
    public static final int TEXTS_PER_CALL = 256;

    private ProbeOutputs() {}

    /** A model that gives one row of outputs per text. */
    @FunctionalInterface
    public interface OutputModel {

        /** One row per text, in their order. Shape [texts, outputs]. */
        float[][] outputs(List<TextInput> texts);
    }

    /**
     * One row per example, in their order. Shape [examples, outputs].
     *
     * @param name names the examples in the message, such as {@code probe set typos}
     * @param examples its examples
     * @param model the model
     * @param notFinite makes the exception to throw if an output is not finite, from its message
     */
    public static List<float[]> of(
            String name,
            List<LabelledExample> examples,
            OutputModel model,
            Function<String, RuntimeException> notFinite) {
        List<float[]> rows = new ArrayList<>(examples.size());
        for (int first = 0; first < examples.size(); first += TEXTS_PER_CALL) {
            int next = Math.min(first + TEXTS_PER_CALL, examples.size());
            rows.addAll(List.of(model.outputs(examples.subList(first, next).stream()
                    .map(example -> new TextInput(example.text(), example.textPair()))
                    .toList())));
        }
        requireFinite(name, examples, rows, notFinite);
        return rows;
    }

    /** Throws what {@code notFinite} makes of the message if any output is not finite; parameters as of {@link #of}. */
    static void requireFinite(
            String name,
            List<LabelledExample> examples,
            List<float[]> rows,
            Function<String, RuntimeException> notFinite) {
        for (int i = 0; i < rows.size(); i++) {
            for (float output : rows.get(i)) {
                if (!Float.isFinite(output)) {
                    throw notFinite.apply("the model gives no finite number for example "
                            + examples.get(i).id() + " of " + name + ", got " + output);
                }
            }
        }
    }
}
