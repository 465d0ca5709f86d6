package io.millrace.trainer.objective.masking;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.TextBatch;
import io.millrace.trainer.config.MaskedTokensConfig;
import io.millrace.trainer.config.MaskedTokensConfig.MaskedEncoder;
import io.millrace.trainer.config.MaskedTokensConfig.Masking;
import io.millrace.trainer.objective.Divergences;
import io.millrace.trainer.objective.StepContext;
import io.millrace.trainer.objective.StepRandom;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Masked-token prediction on one batch: selection, targets, the pass and the loss, which is the mean over the masked tokens of the
 * cross-entropy between the masked-token head and the targets. Examples without a maskable token add nothing; if no example has one, the
 * loss is 0.
 *
 * @param policy which tokens are masked
 * @param encoding what the encoder sees of them
 * @param corruption what replaces them
 */
public record MaskedTokens(MaskingPolicy policy, MaskedEncoding encoding, TokenCorruption corruption) {

    /**
     * A prediction.
     *
     * @param masked the batch with its masked tokens
     * @param encoded the encoded batch
     * @param logits over the vocabulary at the masked tokens, shape [m, v]; empty if there are none
     * @param loss a scalar
     */
    public record TokenPrediction(
            MaskedBatch masked, MaskedEncoding.Encoded encoded, Optional<NDArray> logits, NDArray loss) {

        /** How many tokens are masked. */
        public int count() {
            return masked.masked().length;
        }
    }

    /**
     * Masked-token prediction as configured.
     *
     * @param vocabulary number of token ids
     */
    public static MaskedTokens of(MaskedTokensConfig config, int vocabulary) {
        return new MaskedTokens(
                config.masking() == Masking.RANDOM
                        ? new RandomMasking(config.maskingRate())
                        : new SelfEvolutionMasking(config.maskingRate(), config.selfEvolution()),
                config.maskedEncoder() == MaskedEncoder.STANDARD
                        ? new StandardEncoding()
                        : new ExcludedEncoding(config.decoder().warmupSteps()),
                new TokenCorruption(config.corruption(), vocabulary));
    }

    /**
     * Masks and predicts.
     *
     * @param purpose what its randomness is for
     */
    public TokenPrediction predict(StepContext step, TextBatch batch, StepRandom.Purpose purpose) {
        RandomGenerator random = step.random().generator(purpose);
        MaskingPolicy.Selection selection = policy.select(step, batch, encoding, random);
        MaskedBatch masked = MaskedBatch.of(step, batch, selection.masked(), corruption, random);
        MaskedEncoding.Encoded encoded = encoding.encode(step, step.pass(), masked, masked.masked());
        if (masked.isEmpty()) {
            // 0 with a graph that reaches the head: in pre-training it is the whole objective, and the encoder may be
            // frozen.
            NDArray nothing = encoded.pass().tokenLogits(encoded.pooled()).sum().mul(step.number(0));
            return new TokenPrediction(masked, encoded, Optional.empty(), nothing);
        }
        NDArray logits = encoded.tokenLogits();
        NDArray loss = loss(step, logits, masked.originals(), selection.smoothing());
        return new TokenPrediction(masked, encoded, Optional.of(logits), loss);
    }

    /**
     * The loss at the masked tokens. Cross-entropy is linear in the target: against
     * {@code (1 - share) * onehot + share * r} it is the same mixture of the two cross-entropies.
     */
    static NDArray loss(
            StepContext step, NDArray logits, NDArray originals, Optional<MaskingPolicy.Smoothing> smoothing) {
        NDArray hard = Divergences.crossEntropy(logits, originals, Optional.empty());
        if (smoothing.isEmpty()) {
            return hard;
        }
        double share = smoothing.get().share();
        NDArray soft = Divergences.crossEntropy(logits, smoothing.get().distributions());
        return hard.mul(step.number(1 - share)).add(soft.mul(step.number(share)));
    }
}
