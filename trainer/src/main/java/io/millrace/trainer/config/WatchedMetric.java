package io.millrace.trainer.config;

import java.util.Arrays;
import java.util.Optional;

/** What the trainer watches for drift, with the tolerance of each unless the configuration gives another. */
public enum WatchedMetric {
    /** Errors before training on an example; its tolerance is half of {@code drift.margin}. */
    PREQUENTIAL_ACCURACY("prequentialAccuracy", 0),
    /** Which labels come how often; for a regression, which numbers. */
    LABEL_MIX("labelMix", 0.1),
    /** Length of the texts. */
    TEXT_LENGTH("textLength", 0.05),
    /** Share of tokens that the tokenizer does not know. */
    UNKNOWN_TOKENS("unknownTokens", 0.02),
    /** Cross-entropy of the words against those of the reference. */
    VOCABULARY("vocabulary", 0.05),
    /** Representations of the texts by the encoder that training started from, which takes a second encoder in memory. */
    EMBEDDINGS("embeddings", 0.1);

    private final String wireName;
    private final double tolerance;

    WatchedMetric(String wireName, double tolerance) {
        this.wireName = wireName;
        this.tolerance = tolerance;
    }

    /** The name in the configuration, on the wire and in metrics. */
    public String wireName() {
        return wireName;
    }

    double tolerance() {
        return tolerance;
    }

    static Optional<WatchedMetric> named(String name) {
        return Arrays.stream(values())
                .filter(metric -> metric.wireName.equals(name))
                .findFirst();
    }

    static String names() {
        return String.join(
                ", ", Arrays.stream(values()).map(WatchedMetric::wireName).toList());
    }
}
