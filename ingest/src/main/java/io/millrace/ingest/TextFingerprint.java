package io.millrace.ingest;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.store.Sha256;

/** Hashes by which the texts and the examples of a task are compared, whatever form the texts come in. */
final class TextFingerprint {

    /** Is in no task name and no normalised text, so that different inputs cannot join to the same text. */
    private static final char SEPARATOR = '\0';

    private TextFingerprint() {}

    /** Of a text, or a pair of texts, whatever the label: what the probe guard compares. */
    static String ofText(String task, LabelledExample example) {
        return Sha256.of(text(task, example));
    }

    /** Of an example's text and label: what de-duplication compares. */
    static String ofContent(String task, LabelledExample example) {
        return Sha256.of(text(task, example) + SEPARATOR + example.label());
    }

    private static String text(String task, LabelledExample example) {
        String pair = example.textPair() == null ? "" : example.textPair();
        return task + SEPARATOR + TextNormalizer.normalize(example.text()) + SEPARATOR + TextNormalizer.normalize(pair);
    }
}
