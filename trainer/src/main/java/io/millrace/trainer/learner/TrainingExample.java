package io.millrace.trainer.learner;

import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.LabelledExample;

/**
 * One example as the learner takes it.
 *
 * @param input its text or pair
 * @param target index of its label among the head's, or the number itself for regression
 * @param weight factor in the task loss
 */
record TrainingExample(TextInput input, double target, double weight) {

    /** The example of an accepted record; its label is one of the head's. */
    static TrainingExample of(LabelledExample example, OutputHead head) {
        double weight = example.weight() == null ? 1 : example.weight();
        return new TrainingExample(new TextInput(example.text(), example.textPair()), target(example, head), weight);
    }

    private static double target(LabelledExample example, OutputHead head) {
        if (head.kind() == OutputHead.Kind.SCORE) {
            return Double.parseDouble(example.label());
        }
        int label = head.labels().indexOf(example.label());
        if (label < 0) {
            throw new IllegalArgumentException("example " + example.id() + " has the label \"" + example.label()
                    + "\", which is none of the model's. Ingest and trainer must share one configuration.");
        }
        return label;
    }
}
