package io.millrace.trainer.pretrain;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * The lengths of a pre-training's two phases. First the masked-token head alone is trained, then encoder and head.
 *
 * @param headEpochs passes over the texts in the first phase
 * @param epochs passes over the texts in the second phase, which begins where the first ended
 * @param headLearningRate peak learning rate of the first phase; it warms up as the second does, and falls to 0 at its end
 */
public record PretrainingPlan(int headEpochs, int epochs, double headLearningRate) {

    /** Rate of a fresh head on a frozen encoder: only three small layers move. */
    public static final double HEAD_LEARNING_RATE = 2e-3;

    public PretrainingPlan {
        if (headEpochs < 0 || epochs < 0 || headEpochs + epochs == 0) {
            throw new IllegalArgumentException(
                    "the epochs of head and encoder must be at least 0, one of them above it, got " + headEpochs
                            + " and " + epochs);
        }
        if (!(headLearningRate > 0 && headLearningRate <= 1)) {
            throw new IllegalArgumentException("the head's learning rate must be in (0, 1], got " + headLearningRate);
        }
    }

    /**
     * The plan for an encoder.
     *
     * @param headEpochs if absent, one epoch for an encoder whose masked-token head was never trained, else none
     */
    public static PretrainingPlan of(Path encoder, OptionalInt headEpochs, int epochs, double headLearningRate) {
        EncoderCheckpoint source = EncoderCheckpoint.readUntrained(encoder);
        if (!source.hasWeights() && headEpochs.orElse(0) > 0) {
            throw new UnusableCheckpointException(
                    encoder + " has no " + EncoderCheckpoint.WEIGHTS_FILE
                            + ", so its weights are drawn: a head on an encoder that knows nothing learns nothing. Train both, with --head-epochs 0.");
        }
        int fallback = source.hasWeights() && !source.hasTrainedTokenHead() ? 1 : 0;
        return new PretrainingPlan(headEpochs.orElse(fallback), epochs, headLearningRate);
    }

    /** Passes over the texts in both phases. */
    public int allEpochs() {
        return headEpochs + epochs;
    }
}
