package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The parts of a task's examples, and what is learned from them. */
public enum TaskKind {
    /** One text, one of several labels. */
    @JsonProperty("single")
    SINGLE(false, false),
    /** Two texts, as in entailment: {@code text} and {@code textPair} are both required. One of several labels. */
    @JsonProperty("pair")
    PAIR(true, false),
    /** One text, a number. */
    @JsonProperty("regression")
    REGRESSION(false, true),
    /** Two texts, as in similarity, and a number. */
    @JsonProperty("pair-regression")
    PAIR_REGRESSION(true, true);

    private final boolean pair;
    private final boolean regression;

    TaskKind(boolean pair, boolean regression) {
        this.pair = pair;
        this.regression = regression;
    }

    /** Whether an example has two texts. */
    public boolean isPair() {
        return pair;
    }

    /** Whether the label is a number, see {@link NumberLabel}, rather than a class. */
    public boolean isRegression() {
        return regression;
    }
}
