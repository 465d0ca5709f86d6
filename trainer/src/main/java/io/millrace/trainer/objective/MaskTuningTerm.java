package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.TextBatch;
import io.millrace.trainer.config.MaskTuningConfig;
import io.millrace.trainer.config.MaskTuningConfig.Perturbed;

import java.util.List;
import java.util.Optional;

/**
 * Mask-tuning (Ghanbarzadeh et al., IRI 2023, arXiv 2307.10457):
 *
 * <pre>
 * L = alpha * L_mlm + (1 - alpha) * L_task(perturbed)
 * </pre>
 *
 * L_mlm is the mean over the masked tokens of cross-entropy(masked-token head, original id). The perturbed text is the masked text,
 * or the masked text with the head's most probable tokens filled in. Examples without any maskable token add nothing to L_mlm; if
 * none has one, L_mlm is 0.
 *
 * @param config alpha and which text is classified
 * @param policy which tokens are masked
 * @param corruption what stands in their place
 */
public record MaskTuningTerm(MaskTuningConfig config, MaskingPolicy policy, TokenCorruption corruption)
        implements ObjectiveTerm {

    @Override
    public List<TermValue> evaluate(StepContext step) {
        MaskedBatch masked = MaskedBatch.of(step, policy, corruption);
        NDArray hidden = step.pass().hidden(masked.batch(), step.pass().wordEmbeddings(masked.batch()));
        if (masked.isEmpty()) {
            NDArray nothing = step.scope().create(0f);
            return terms(step, nothing, step.pass().classLogits(masked.batch(), hidden));
        }
        NDArray tokenLogits = step.pass().tokenLogits(hidden, masked.at()); // [m, v]
        NDArray maskedTokenLoss = Divergences.crossEntropy(tokenLogits, masked.originals(), Optional.empty());
        NDArray classLogits = config.perturbed() == Perturbed.MASKED
                ? step.pass().classLogits(masked.batch(), hidden)
                : step.pass().classLogits(predicted(step, masked, tokenLogits));
        return terms(step, maskedTokenLoss, classLogits);
    }

    private List<TermValue> terms(StepContext step, NDArray maskedTokenLoss, NDArray classLogits) {
        StepContext.Examples examples = step.examples();
        return List.of(
                new TermValue(MASKED_TOKEN_LOSS, config.alpha(), maskedTokenLoss),
                new TermValue(
                        TASK_LOSS,
                        1 - config.alpha(),
                        Divergences.crossEntropy(classLogits, examples.labels(), examples.weights())));
    }

    private static TextBatch predicted(StepContext step, MaskedBatch masked, NDArray tokenLogits) {
        long[] predicted = tokenLogits.stopGradient().argMax(-1).toLongArray();
        return masked.filled(step.scope(), i -> (int) predicted[i]);
    }
}
