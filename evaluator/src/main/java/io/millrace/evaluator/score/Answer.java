package io.millrace.evaluator.score;

/** A model's answer to one probe example: a label or a number. */
public sealed interface Answer permits ScoredExample, ScoredNumber {

    /** Whether the answer counts as right. */
    boolean correct();

    /** Whether another answer to the same question, or to one that should not change it, says the same. */
    boolean agreesWith(Answer other);
}
