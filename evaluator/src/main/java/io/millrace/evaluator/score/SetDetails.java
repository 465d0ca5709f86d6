package io.millrace.evaluator.score;

import io.millrace.schemas.PartScores;

import java.util.List;

/**
 * Further scores of a model on one probe set, as far as its own outputs decide them.
 *
 * @param sheet of the whole set
 * @param parts of its labels, then of its slices
 * @param leftOut labels and slices beyond the largest {@value #MAX_PARTS} of each kind
 * @param scope per example, how much it looks like one of the task's labels; empty if the model is no classifier
 */
public record SetDetails(Sheet sheet, List<PartScores> parts, int leftOut, List<ScopeScore> scope) {

    /** Most labels of a probe set with scores, and most slices. */
    public static final int MAX_PARTS = 50;

    public SetDetails {
        parts = List.copyOf(parts);
        scope = List.copyOf(scope);
    }

    /** No further scores. */
    public static SetDetails none() {
        return new SetDetails(new Sheet(), List.of(), 0, List.of());
    }
}
