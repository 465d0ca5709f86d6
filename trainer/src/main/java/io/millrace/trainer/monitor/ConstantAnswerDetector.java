package io.millrace.trainer.monitor;

import io.millrace.trainer.learner.StepResult;

import java.util.HashMap;
import java.util.Map;

/**
 * Watches a classifier's answers to the newest {@code window} examples, given before it trains on them. A classifier that always answers
 * with one class has learned nothing yet, however good its accuracy looks on a stream where that class is frequent.
 */
public final class ConstantAnswerDetector {

    private final int[] answers;
    private final boolean[] right;
    private final Map<Integer, Integer> counts = new HashMap<>();
    private long seen;
    private int wrong;
    private boolean found;

    public ConstantAnswerDetector(int window) {
        answers = new int[window];
        right = new boolean[window];
    }

    /**
     * Adds the answers to a mini-batch.
     *
     * @param batch the mini-batch
     * @return true once, when the model answers with a single class and some answers are wrong
     */
    public boolean add(StepResult.BatchSummary batch) {
        for (int i = 0; i < batch.answers().length; i++) {
            add(batch.answers()[i], batch.right()[i]);
        }
        boolean first = !found && seen >= answers.length && classes() == 1 && wrong > 0;
        found |= first;
        return first;
    }

    private void add(int answer, boolean isRight) {
        int slot = (int) (seen % answers.length);
        if (seen >= answers.length) {
            counts.computeIfPresent(answers[slot], (old, count) -> count == 1 ? null : count - 1);
            wrong -= right[slot] ? 0 : 1;
        }
        answers[slot] = answer;
        right[slot] = isRight;
        counts.merge(answer, 1, Integer::sum);
        wrong += isRight ? 0 : 1;
        seen++;
    }

    /** Number of different classes among the answers in the window. */
    public int classes() {
        return counts.size();
    }

    public int window() {
        return answers.length;
    }
}
