package io.millrace.trainer;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.DriftEvent;

import java.util.Map;

/**
 * Learns what a trainer does: each step, and what it has published, after the transaction and in its order. A checkpoint is published
 * beside training, so steps after it may come first. Called on the training thread: a method that takes long holds up training, and one that throws ends it.
 */
public interface TrainerListener {

    /** Key of test-then-train accuracy over the newest window of examples, a share. */
    String PREQUENTIAL_ACCURACY = TrainingWindow.PREQUENTIAL_ACCURACY;

    /** Key of test-then-train accuracy of the new examples of this step alone, a share; absent if it had none. */
    String MINI_BATCH_ACCURACY = "miniBatchAccuracy";

    /** Key of the step's learning rate. */
    String LEARNING_RATE = "learningRate";

    /** Listens to nothing. */
    TrainerListener NONE = new TrainerListener() {};

    /**
     * A step was applied.
     *
     * @param task name of the task
     * @param step optimizer steps done; after a rollback or a move of the task it may be lower than before
     * @param figures every loss term in nats, {@code totalLoss}, {@code gradNorm}, {@code learningRate},
     *     {@link #PREQUENTIAL_ACCURACY} and {@link #MINI_BATCH_ACCURACY}
     */
    default void step(String task, long step, Map<String, Double> figures) {}

    /** A checkpoint was written and announced. */
    default void checkpoint(CheckpointAnnouncement announcement) {}

    /** Drift of the stream was published with the checkpoint that comes next. */
    default void drift(DriftEvent event) {}
}
