package io.millrace.trainer.monitor;

import io.millrace.trainer.learner.StepResult;

import java.util.HashMap;
import java.util.Map;

/**
 * Watches what a classifier answers over the newest {@code window} examples, before it trains on them. One that answers everything
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
     * Takes the answers of a mini-batch.
     *
     * @param batch the mini-batch
     * @return whether the model turns out to answer with one class alone, and wrongly at times; true once
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

    /** How many classes there are among the answers in the window. */
    public int classes() {
        return counts.size();
    }

    public int window() {
        return answers.length;
    }
}
