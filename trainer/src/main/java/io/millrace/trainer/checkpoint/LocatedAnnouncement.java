package io.millrace.trainer.checkpoint;

import io.millrace.schemas.CheckpointAnnouncement;

/**
 * An announcement and where it is on {@code checkpoints}.
 *
 * @param announcement what was announced
 * @param partition its partition
 * @param offset its offset there
 */
public record LocatedAnnouncement(CheckpointAnnouncement announcement, int partition, long offset) {

    /** Id of the checkpoint. */
    public String id() {
        return announcement.checkpoint().id();
    }
}
