package io.millrace.trainer.lineage;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.trainer.checkpoint.CoveredOffset;

import java.util.List;
import java.util.Optional;

/**
 * What is known of a task when it is opened.
 *
 * @param history its announcements, oldest first
 * @param examples its partition of {@code accepted-examples}
 * @param texts its partition of {@code texts}; empty if it reads none
 * @param covered what the store says of how far it was read; empty if nothing
 * @param leftBehind looks into a partition that was its own before partitions were added
 */
public record TaskTopics(
        List<CheckpointAnnouncement> history,
        Bounds examples,
        Optional<Bounds> texts,
        Optional<CoveredOffset> covered,
        LeftBehind leftBehind) {

    /**
     * A partition as it is now.
     *
     * @param partition its number
     * @param beginning first offset that it still holds
     * @param end first offset that it does not hold yet
     */
    public record Bounds(int partition, long beginning, long end) {}

    /** Looks for records of the task in a partition of {@code accepted-examples} that is not its own any more. */
    @FunctionalInterface
    public interface LeftBehind {
        Found from(int partition, long offset);
    }

    /**
     * What lies there.
     *
     * @param beginning first offset that the partition still holds
     * @param records how many records of the task
     * @param first offset of the first of them; {@code next} if there are none
     * @param next offset behind the last of them
     */
    public record Found(long beginning, long records, long first, long next) {}
}
