package io.millrace.trainer.monitor;

import io.millrace.trainer.config.RollbackConfig;

/** Watches the task loss of a classifier for an explosion, see {@link RollbackConfig}. */
public final class LossSpikeDetector {

    private final RollbackConfig config;
    private final double[] losses;
    private long seen;

    public LossSpikeDetector(RollbackConfig config) {
        this.config = config;
        this.losses = new double[config.steps()];
    }

    /**
     * Adds the loss of a step.
     *
     * @param labels number of labels of the model
     * @return whether the loss has exploded
     */
    public boolean add(double taskLoss, int labels) {
        losses[(int) (seen++ % losses.length)] = taskLoss;
        if (config.lossFactor() == 0 || labels < 2 || seen < losses.length) {
            return false;
        }
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        return sum / losses.length > config.lossFactor() * Math.log(labels);
    }
}
