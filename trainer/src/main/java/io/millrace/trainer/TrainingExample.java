package io.millrace.trainer;

import io.millrace.encoder.TextInput;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Task;

/**
 * One example as the learner takes it.
 *
 * @param input its text or pair
 * @param label index of its label in the task's list
 * @param weight factor in the task loss
 */
public record TrainingExample(TextInput input, int label, double weight) {

    /** The example of an accepted record; ingest has checked that the label is one of the task's. */
    public static TrainingExample of(Task task, LabelledExample example) {
        int label = task.labels().indexOf(example.label());
        if (label < 0) {
            throw new IllegalArgumentException(
                    "example " + example.id() + " has the label \"" + example.label() + "\", which task " + task.name()
                            + " does not have. Ingest and trainer must share one configuration.");
        }
        double weight = example.weight() == null ? 1 : example.weight();
        return new TrainingExample(new TextInput(example.text(), example.textPair()), label, weight);
    }
}
