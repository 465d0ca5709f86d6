package io.millrace.trainer.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the trainer watches for drift, with the tolerance of each unless the configuration gives another. */
public enum WatchedMetric {
    /** Errors before training on an example; its tolerance is half of {@code drift.margin}. */
    @JsonProperty("prequentialAccuracy")
    PREQUENTIAL_ACCURACY("prequentialAccuracy", 0, true),
    /** Which labels come how often; for a regression, which numbers. */
    @JsonProperty("labelMix")
    LABEL_MIX("labelMix", 0.1, true),
    /** Length of the texts. */
    @JsonProperty("textLength")
    TEXT_LENGTH("textLength", 0.05, true),
    /** Share of tokens that the tokenizer does not know. */
    @JsonProperty("unknownTokens")
    UNKNOWN_TOKENS("unknownTokens", 0.02, true),
    /** Cross-entropy of the words against those of the reference. */
    @JsonProperty("vocabulary")
    VOCABULARY("vocabulary", 0.05, true),
    /** Representations of the texts by the encoder that training started from, which takes a second encoder in memory. */
    @JsonProperty("embeddings")
    EMBEDDINGS("embeddings", 0.1, false);

    private final String wireName;
    private final double tolerance;
    private final boolean isOn;

    WatchedMetric(String wireName, double tolerance, boolean isOn) {
        this.wireName = wireName;
        this.tolerance = tolerance;
        this.isOn = isOn;
    }

    /** The name in the configuration, on the wire and in metrics. */
    public String wireName() {
        return wireName;
    }

    double tolerance() {
        return tolerance;
    }

    boolean isOn() {
        return isOn;
    }
}
