package io.millrace.trainer.pretrain;

import io.millrace.trainer.learner.TextPhase;

/**
 * Progress of a pre-training.
 *
 * @param phase what is trained
 * @param step steps of this phase done
 * @param steps steps of this phase in total
 * @param texts texts trained on by this process in this phase
 * @param loss masked-token loss of the step just done, in nats
 */
public record PretrainingProgress(TextPhase phase, long step, long steps, long texts, double loss) {}
