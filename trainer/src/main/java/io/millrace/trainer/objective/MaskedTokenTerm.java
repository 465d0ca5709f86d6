package io.millrace.trainer.objective;

import io.millrace.trainer.objective.masking.MaskedTokens;

import java.util.List;

/**
 * Masked-token prediction on the labelled examples, beside the task term on their clean text.
 *
 * @param weight factor of the term
 * @param maskedTokens how it is done
 */
public record MaskedTokenTerm(double weight, MaskedTokens maskedTokens) implements ObjectiveTerm {

    @Override
    public List<TermValue> evaluate(StepContext step) {
        MaskedTokens.Prediction prediction = maskedTokens.predict(step, step.batch(), StepRandom.Purpose.MASKING);
        return List.of(new TermValue(MASKED_TOKEN_LOSS, weight, prediction.loss()));
    }
}
