package io.millrace.trainer.learner;

import java.util.Map;

/**
 * The result of one step.
 *
 * @param applied false if the loss or the gradient was not finite: then nothing was changed
 * @param terms the unweighted terms of the objective by name, in nats
 * @param totalLoss their weighted sum
 * @param gradNorm global norm of the gradient before clipping
 * @param learningRate the step's learning rate
 * @param batch what the step read, and what the model answered before it trained on it
 */
public record StepResult(
        boolean applied,
        Map<String, Double> terms,
        double totalLoss,
        double gradNorm,
        double learningRate,
        BatchSummary batch) {

    /**
     * A mini-batch and the model's answers to it.
     *
     * @param right one flag per new example, in their order: whether the model was right before it trained on it
     * @param answers one class per new example, as its index among the labels; empty for a regression
     * @param tokens tokens of everything trained on, replayed examples and unlabelled texts included
     * @param truncated new examples and unlabelled texts that were longer than {@code batching.maxTokens} and lost their end
     * @param unknownShares one share per new example: of its tokens that the tokenizer does not know
     * @param embeddings one row per new example: its representation by the encoder that training started from; empty if not watched
     */
    public record BatchSummary(
            boolean[] right, int[] answers, int tokens, int truncated, double[] unknownShares, float[][] embeddings) {

        /** A mini-batch of which nothing else was measured. */
        public BatchSummary(boolean[] right, int[] answers, int tokens, int truncated) {
            this(right, answers, tokens, truncated, new double[right.length], new float[0][]);
        }

        /** How many new examples the model was right about. */
        public int rightCount() {
            int count = 0;
            for (boolean one : right) {
                count += one ? 1 : 0;
            }
            return count;
        }
    }
}
