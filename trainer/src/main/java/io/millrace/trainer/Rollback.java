package io.millrace.trainer;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;
import io.millrace.trainer.checkpoint.CheckpointStore;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Goes back to the newest promoted checkpoint that is still in the store, or to the newest at all. What was trained since is undone: its
 * mini-batches stand in the lineage of the next checkpoint as quarantined, and its examples are rejected, so that each offset is still
 * accounted for exactly once.
 */
final class Rollback {

    private final TrainedTask task;
    private final CheckpointStore store;
    private final int partition;
    private final Past past;

    /** What topics say of the task. */
    interface Past {

        /** Every announcement, oldest first. */
        List<CheckpointAnnouncement> history();

        /** Ids of the checkpoints that were promoted. */
        Set<String> promoted();

        /** The records of {@code accepted-examples} in a range. */
        List<Arrival> records(OffsetRange range);

        /** First offset that the partition still holds. */
        long beginning();
    }

    Rollback(TrainedTask task, CheckpointStore store, int partition, Past past) {
        this.task = task;
        this.store = store;
        this.partition = partition;
        this.past = past;
    }

    /** Restores the checkpoint to go back to. */
    Restored restore() {
        List<CheckpointAnnouncement> history = past.history();
        Set<String> promoted = past.promoted();
        Optional<CheckpointAnnouncement> target = Optional.empty();
        for (CheckpointAnnouncement announcement : history) {
            boolean isThere = Files.isDirectory(store.resolve(announcement.checkpoint()));
            if (isThere && promoted.contains(announcement.checkpoint().id())) {
                target = Optional.of(announcement);
            }
        }
        List<CheckpointAnnouncement> upToTarget = target.map(
                        announcement -> history.subList(0, history.indexOf(announcement) + 1))
                .orElse(history);
        Restored restored = Restored.of(task, store, upToTarget, partition, past.beginning());
        history.forEach(announcement ->
                restored.announced().add(announcement.checkpoint().id()));
        return restored;
    }

    /** The mini-batches of a range, cut anew: they hold what is undone. */
    List<MiniBatch> undone(OffsetRange range) {
        MiniBatcher batcher = new MiniBatcher(task.training().batching().batchSize(), partition, range.first());
        List<MiniBatch> undone = new ArrayList<>();
        for (Arrival arrival : past.records(range)) {
            Optional<LabelledExample> example = arrival.example(task.task().kind());
            example.ifPresent(valid -> batcher.add(arrival.offset(), valid));
            if (batcher.isFull()) {
                undone.add(batcher.take(TextBatcher.Taken.NOTHING));
            }
        }
        if (batcher.pending() > 0) {
            undone.add(batcher.take(TextBatcher.Taken.NOTHING));
        }
        return undone;
    }
}
