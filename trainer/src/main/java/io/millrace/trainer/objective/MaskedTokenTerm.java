package io.millrace.trainer.objective;

import io.millrace.encoder.TextBatch;
import io.millrace.trainer.objective.masking.MaskedTokens;

import java.util.List;
import java.util.Optional;

/**
 * Masked-token prediction: on the clean text of the labelled examples, or on the unlabelled texts. A step without unlabelled texts has
 * no value for the latter.
 *
 * @param weight factor of the term
 * @param maskedTokens how tokens are masked and predicted
 * @param source which texts it reads
 */
public record MaskedTokenTerm(double weight, MaskedTokens maskedTokens, Source source) implements ObjectiveTerm {

    /** Texts of a step. */
    public enum Source {
        LABELLED(MASKED_TOKEN_LOSS, StepRandom.Purpose.MASKING),
        UNLABELLED(UNLABELLED_LOSS, StepRandom.Purpose.UNLABELLED_MASKING);

        private final String loss;
        private final StepRandom.Purpose purpose;

        Source(String loss, StepRandom.Purpose purpose) {
            this.loss = loss;
            this.purpose = purpose;
        }
    }

    @Override
    public List<TermValue> evaluate(StepContext step) {
        Optional<TextBatch> texts = source == Source.LABELLED ? Optional.of(step.batch()) : step.unlabelled();
        return texts.map(batch -> maskedTokens.predict(step, batch, source.purpose)).stream()
                .map(prediction -> new TermValue(source.loss, weight, prediction.loss(), prediction.count()))
                .toList();
    }
}
