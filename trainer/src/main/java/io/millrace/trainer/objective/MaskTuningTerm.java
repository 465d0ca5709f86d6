package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.TextBatch;
import io.millrace.trainer.config.MaskTuningConfig;
import io.millrace.trainer.config.MaskTuningConfig.Perturbed;
import io.millrace.trainer.objective.masking.MaskedBatch;
import io.millrace.trainer.objective.masking.MaskedEncoding;
import io.millrace.trainer.objective.masking.MaskedTokens;

import java.util.List;

/**
 * Mask-tuning (Ghanbarzadeh et al., IRI 2023, arXiv 2307.10457):
 *
 * <pre>
 * L = alpha * L_mlm + (1 - alpha) * L_task(perturbed)
 * </pre>
 *
 * L_mlm is the loss of masked-token prediction. The perturbed text is the masked text as the encoder saw it, or the masked text with the
 * head's most probable tokens filled in.
 *
 * @param config alpha and which text is classified
 * @param maskedTokens how tokens are masked and predicted
 */
public record MaskTuningTerm(MaskTuningConfig config, MaskedTokens maskedTokens) implements ObjectiveTerm {

    @Override
    public List<TermValue> evaluate(StepContext step) {
        MaskedTokens.TokenPrediction prediction = maskedTokens.predict(step, step.batch(), StepRandom.Purpose.MASKING);
        MaskedEncoding.Encoded encoded = prediction.encoded();
        NDArray output =
                config.perturbed() == Perturbed.MASKED || prediction.masked().isEmpty()
                        ? step.pass().classLogits(encoded.pooled())
                        : step.pass().classLogits(predicted(step, prediction));
        return List.of(
                new TermValue(MASKED_TOKEN_LOSS, config.alpha(), prediction.loss(), prediction.count()),
                new TermValue(
                        TASK_LOSS,
                        1 - config.alpha(),
                        step.taskLoss(output),
                        step.batch().size()));
    }

    private static TextBatch predicted(StepContext step, MaskedTokens.TokenPrediction prediction) {
        NDArray ids = prediction.logits().orElseThrow().stopGradient().argMax(-1);
        MaskedBatch masked = prediction.masked();
        return step.pass().replaced(masked.batch(), masked.maskedIndices(step.pass()), ids);
    }
}
