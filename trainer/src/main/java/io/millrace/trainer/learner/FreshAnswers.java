package io.millrace.trainer.learner;

import io.millrace.schemas.FreshExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.store.FreshExamples;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The newest examples that the model was tested on before training, and whether it was right. At most {@link FreshExamples#MAX}, and no
 * more text than {@link FreshExamples#MAX_CHARS}. Which ones are kept never depends on the answers, so that a comparison on them is
 * fair.
 */
final class FreshAnswers {

    private final Deque<FreshExample> newest = new ArrayDeque<>();
    private long chars;

    /** Adds a mini-batch; {@code right} has one flag per example. */
    void add(List<LabelledExample> examples, boolean[] right) {
        for (int i = 0; i < right.length; i++) {
            newest.addLast(new FreshExample(examples.get(i), right[i]));
            chars += chars(examples.get(i));
            while (newest.size() > FreshExamples.MAX || chars > FreshExamples.MAX_CHARS) {
                chars -= chars(newest.removeFirst().example());
            }
        }
    }

    private static long chars(LabelledExample example) {
        long pair = example.textPair() == null ? 0 : example.textPair().length();
        return example.text().length() + pair;
    }

    /** Those kept, oldest first. */
    List<FreshExample> newest() {
        return List.copyOf(newest);
    }

    void clear() {
        newest.clear();
        chars = 0;
    }
}
