package io.millrace.trainer;

import java.util.Map;

/** Receives the figures of every applied step of every task of a trainer. */
@FunctionalInterface
public interface StepListener {

    /** Key of test-then-train accuracy over the newest window of examples, a share. */
    String PREQUENTIAL_ACCURACY = TrainingWindow.PREQUENTIAL_ACCURACY;

    /** Key of test-then-train accuracy of the new examples of this step alone, a share; absent if it had none. */
    String MINI_BATCH_ACCURACY = "miniBatchAccuracy";

    /** Key of the step's learning rate. */
    String LEARNING_RATE = "learningRate";

    /** A listener that ignores every step. */
    StepListener NONE = (task, step, figures) -> {};

    /**
     * Takes the figures of one step. Called on the training thread: it must return at once and must not throw.
     *
     * @param task name of the task
     * @param step optimizer steps done; after a rollback or a move of the task it may be lower than before
     * @param figures every loss term in nats, {@code totalLoss}, {@code gradNorm}, {@code learningRate},
     *     {@link #PREQUENTIAL_ACCURACY} and {@link #MINI_BATCH_ACCURACY}
     */
    void step(String task, long step, Map<String, Double> figures);
}
