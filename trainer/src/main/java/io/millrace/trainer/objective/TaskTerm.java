package io.millrace.trainer.objective;

import java.util.List;

/**
 * The task term: mean over the examples of w_i * cross-entropy(f(x_i), y_i), or of w_i * (f(x_i) - y_i)^2 for regression; w_i = 1 where
 * an example gives no weight.
 */
public record TaskTerm() implements ObjectiveTerm {

    @Override
    public List<TermValue> evaluate(StepContext step) {
        return List.of(new TermValue(
                TASK_LOSS, 1, step.taskLoss(step.cleanLogits()), step.batch().size()));
    }
}
