package io.millrace.trainer.objective;

import java.util.List;

/** One part of the objective; {@link Objective} sums them. */
public sealed interface ObjectiveTerm permits TaskTerm, MaskedTokenTerm, MaskTuningTerm, SmoothnessTerm, ProximalTerm {

    String TASK_LOSS = "taskLoss";
    String MASKED_TOKEN_LOSS = "maskedTokenLoss";
    String UNLABELLED_LOSS = "unlabelledLoss";
    String SMOOTHNESS_LOSS = "smoothnessLoss";
    String PROXIMAL_LOSS = "proximalLoss";

    /** The term's value or values on the batch of {@code step}. */
    List<TermValue> evaluate(StepContext step);
}
