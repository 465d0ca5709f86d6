package io.millrace.trainer.objective;

import java.util.List;

/** The task term: mean over the examples of w_i * cross-entropy(f(x_i), y_i), w_i = 1 where an example gives no weight. */
public record TaskTerm() implements ObjectiveTerm {

    @Override
    public List<TermValue> evaluate(StepContext step) {
        StepContext.Examples examples = step.examples();
        return List.of(new TermValue(
                TASK_LOSS, 1, Divergences.crossEntropy(step.cleanLogits(), examples.labels(), examples.weights())));
    }
}
