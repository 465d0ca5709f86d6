package io.millrace.trainer;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.DriftEvent;

/**
 * Learns what a trainer has published, after the transaction and in its order, on the training thread. A method that takes long holds
 * up training, and one that throws ends it.
 */
public interface TrainerListener {

    /** Listens to nothing. */
    TrainerListener NONE = new TrainerListener() {};

    /** A checkpoint was written and announced. */
    default void checkpoint(CheckpointAnnouncement announcement) {}

    /** Drift of the stream was published with the checkpoint that comes next. */
    default void drift(DriftEvent event) {}
}
