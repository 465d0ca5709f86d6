package io.millrace.ingest;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.store.Sha256;
import org.jspecify.annotations.Nullable;

/** Hashes by which the texts and the examples of a task are compared, whatever form the texts come in. */
final class TextFingerprint {

    /** Is in no task name and no normalised text, so that different inputs cannot join to the same text. */
    private static final char SEPARATOR = '\0';

    private TextFingerprint() {}

    /** Of a text, or a pair of texts, whatever the label: what the probe guard compares. */
    static String ofText(String task, LabelledExample example) {
        String pair = example.textPair() == null ? null : TextNormalizer.normalize(example.textPair());
        return Sha256.of(joined(task, TextNormalizer.normalize(example.text()), pair));
    }

    /** The text and label of an example whose texts are normalised: what de-duplication compares by its hash. */
    static String contentOf(String task, LabelledExample example) {
        return textOf(task, example) + SEPARATOR + example.label();
    }

    /** The text, or the pair of texts, of an example whose texts are normalised: the guard compares its hash with {@link #ofText}. */
    static String textOf(String task, LabelledExample example) {
        return joined(task, example.text(), example.textPair());
    }

    private static String joined(String task, String text, @Nullable String pair) {
        return task + SEPARATOR + text + SEPARATOR + (pair == null ? "" : pair);
    }
}
