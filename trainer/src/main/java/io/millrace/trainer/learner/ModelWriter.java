package io.millrace.trainer.learner;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Weights;
import io.millrace.encoder.config.OutputHead;
import io.millrace.schemas.store.FrozenWeights;
import io.millrace.trainer.config.TrainingConfig;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes the model of a checkpoint: whole, or what was trained beside frozen weights that all checkpoints of the task share.
 *
 * @param source the checkpoint that training started or resumed from
 * @param head that of the weights
 * @param frozen the frozen weights; empty if all are trained
 */
record ModelWriter(EncoderCheckpoint source, OutputHead head, TrainingConfig config, Optional<FrozenWeights> frozen) {

    /** Writes a model with these weights into an existing directory. */
    void write(Path directory, Weights weights) throws IOException {
        int maxTokens = config.batching().maxTokens();
        if (frozen.isPresent()) {
            source.writeTrained(directory, weights, head, maxTokens, config.tuning(), frozen.get());
        } else {
            source.write(directory, weights, head, maxTokens);
        }
    }
}
