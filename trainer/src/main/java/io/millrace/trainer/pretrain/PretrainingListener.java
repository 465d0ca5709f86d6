package io.millrace.trainer.pretrain;

import io.millrace.encoder.MaskedTokenScore.Measurement;

/** Follows a pre-training. */
@FunctionalInterface
public interface PretrainingListener {

    /** Called after every step. */
    void stepped(PretrainingProgress progress);

    /** Called when the head has been tested on the held-out texts: before the first step and after every epoch. */
    default void measured(Measurement measurement) {}
}
