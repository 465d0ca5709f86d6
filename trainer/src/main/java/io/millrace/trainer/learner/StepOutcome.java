package io.millrace.trainer.learner;

import java.util.Map;

/**
 * What an update did.
 *
 * @param applied false if the loss or the gradient was not finite: then nothing was changed
 * @param terms the unweighted terms of the objective by name, in nats
 * @param totalLoss their weighted sum
 * @param gradNorm global norm of the gradient before clipping
 * @param learningRate what the step used
 */
public record StepOutcome(
        boolean applied, Map<String, Double> terms, double totalLoss, double gradNorm, double learningRate) {}
