package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What one example of a task is made of. */
public enum TaskKind {
    /** One text. */
    @JsonProperty("single")
    SINGLE,
    /** Two texts, as in entailment: {@code text} and {@code textPair} are both required. */
    @JsonProperty("pair")
    PAIR
}
