package io.millrace.trainer.lineage;

import static java.util.Objects.requireNonNull;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.trainer.checkpoint.CoveredOffset;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

import java.util.List;
import java.util.Optional;

/**
 * The state of a task's topics when the task is opened.
 *
 * @param history its announcements, oldest first
 * @param examples its partition of {@code accepted-examples}
 * @param texts its partition of {@code texts}; empty if it reads none
 * @param covered how far the task was read according to the store; empty if the store does not say
 * @param oldPartitionScan scans a partition that was its own before partitions were added
 */
public record TaskTopics(
        List<CheckpointAnnouncement> history,
        Bounds examples,
        Optional<Bounds> texts,
        Optional<CoveredOffset> covered,
        OldPartitionScan oldPartitionScan) {

    /**
     * A partition as it is now.
     *
     * @param partition its number
     * @param beginning first offset that it still holds
     * @param end first offset that it does not hold yet
     */
    public record Bounds(int partition, long beginning, long end) {

        /** Asks the broker. */
        public static Bounds of(Consumer<?, ?> consumer, TopicPartition partition) {
            List<TopicPartition> one = List.of(partition);
            return new Bounds(
                    partition.partition(),
                    requireNonNull(consumer.beginningOffsets(one).get(partition)),
                    requireNonNull(consumer.endOffsets(one).get(partition)));
        }
    }

    /** Looks for records of the task in a partition of {@code accepted-examples} that is no longer its own. */
    @FunctionalInterface
    public interface OldPartitionScan {
        LeftBehind from(int partition, long offset);
    }

    /**
     * The records that a task left behind in such a partition.
     *
     * @param beginning first offset that the partition still holds
     * @param records number of records of the task
     * @param first offset of the first of them; {@code next} if there are none
     * @param next offset after the last of them
     */
    public record LeftBehind(long beginning, long records, long first, long next) {}
}
