package io.millrace.trainer.objective.masking;

import io.millrace.trainer.config.MaskedTokensConfig.Corruption;

import java.util.random.RandomGenerator;

/**
 * What replaces a masked token.
 *
 * @param mix always [MASK], or BERT's 80/10/10
 * @param vocabulary number of token ids, for random ones
 */
public record TokenCorruption(Corruption mix, int vocabulary) {

    private static final double MASK_SHARE = 0.8;
    private static final double RANDOM_SHARE = 0.1;

    int replace(int original, int maskId, RandomGenerator random) {
        if (mix == Corruption.MASK) {
            return maskId;
        }
        double draw = random.nextDouble();
        if (draw < MASK_SHARE) {
            return maskId;
        }
        return draw < MASK_SHARE + RANDOM_SHARE ? random.nextInt(vocabulary) : original;
    }
}
