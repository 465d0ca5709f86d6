package io.millrace.trainer.pretrain;

/**
 * Progress of a pre-training.
 *
 * @param step steps done
 * @param steps steps in total
 * @param texts texts trained on by this process
 * @param loss masked-token loss of the step just done, in nats
 */
public record PretrainingProgress(long step, long steps, long texts, double loss) {}
