package io.millrace.trainer.learner;

import io.millrace.schemas.NewLabels;
import io.millrace.schemas.Task;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The labels that a task's examples may have: those of its model and, where new labels grow the head, those that have arrived since, in
 * order of arrival, up to the task's {@code maxLabels}.
 */
public final class LabelVocabulary {

    private final Task task;
    private final Set<String> known;

    /** The labels of a model. */
    public LabelVocabulary(Task task, Collection<String> modelLabels) {
        this.task = task;
        this.known = new LinkedHashSet<>(modelLabels);
    }

    /** Whether an example with this label can be trained; a new label is known from then on. */
    public boolean admits(String label) {
        if (task.kind().isRegression() || known.contains(label)) {
            return true;
        }
        return task.newLabels() == NewLabels.GROW && known.size() < task.maxLabels() && known.add(label);
    }
}
