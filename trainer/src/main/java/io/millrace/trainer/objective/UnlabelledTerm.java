package io.millrace.trainer.objective;

import io.millrace.trainer.objective.masking.MaskedTokens;

import java.util.List;

/**
 * Masked-token prediction on the unlabelled texts of a step. A step without any has no such term.
 *
 * @param weight factor of the term
 * @param maskedTokens how it is done
 */
public record UnlabelledTerm(double weight, MaskedTokens maskedTokens) implements ObjectiveTerm {

    @Override
    public List<TermValue> evaluate(StepContext step) {
        return step.texts()
                .map(texts -> List.of(new TermValue(
                        UNLABELLED_LOSS,
                        weight,
                        maskedTokens
                                .predict(step, texts, StepRandom.Purpose.UNLABELLED_MASKING)
                                .loss())))
                .orElse(List.of());
    }
}
