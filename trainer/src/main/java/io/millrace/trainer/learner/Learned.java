package io.millrace.trainer.learner;

/**
 * What became of one mini-batch.
 *
 * @param outcome what the update did
 * @param right one flag a new example, in their order: whether the model was right before it trained on it
 * @param answers one class a new example, by its place among the labels: what the model answered before it trained on it; none for a
 *     regression
 * @param tokens tokens of all that was trained on, replayed examples and unlabelled texts included
 * @param truncated new examples and unlabelled texts that were longer than {@code batching.maxTokens} and lost their end
 */
public record Learned(StepOutcome outcome, boolean[] right, int[] answers, int tokens, int truncated) {

    /** How many new examples the model was right about. */
    public int rightCount() {
        int count = 0;
        for (boolean one : right) {
            count += one ? 1 : 0;
        }
        return count;
    }
}
