package io.millrace.trainer;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointManifest;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.CorruptCheckpointException;
import io.millrace.schemas.Sha256;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.config.CheckpointConfig.LostOffsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Where a task's training takes up.
 *
 * @param task the task
 * @param learner its learner, in the state of {@code parent}
 * @param parent id of the checkpoint that it was restored from; empty at the start of the stream
 * @param announced ids of all checkpoints announced so far
 * @param partition the task's partition
 * @param firstOffset first offset that no checkpoint covers
 * @param nextOffset first offset to train on: behind {@code firstOffset} if retention has removed what lies between
 * @param textsNextOffset first offset of {@code texts} to train on; empty if no checkpoint has read any
 * @param encoderSha256 hash of the weights that the task started from; null if nobody knows
 */
record Restored(
        TrainedTask task,
        Learner learner,
        Optional<String> parent,
        Set<String> announced,
        int partition,
        long firstOffset,
        long nextOffset,
        OptionalLong textsNextOffset,
        String encoderSha256) {

    private static final Logger LOG = LoggerFactory.getLogger(Restored.class);

    /**
     * Restores the newest announced checkpoint that is whole, or starts from the task's encoder if none was ever announced.
     *
     * @param history announcements of the task, oldest first
     * @param beginning first offset that the partition still holds
     */
    static Restored of(
            TrainedTask task,
            CheckpointStore store,
            List<CheckpointAnnouncement> history,
            int partition,
            long beginning) {
        Set<String> announced = new HashSet<>();
        history.forEach(announcement -> announced.add(announcement.checkpoint().id()));
        for (int i = history.size() - 1; i >= 0; i--) {
            CheckpointAnnouncement announcement = history.get(i);
            try {
                return resume(task, store, announcement, new Past(history, announced, partition, beginning));
            } catch (CorruptCheckpointException e) {
                LOG.warn(
                        "task {}: {} Falling back to the checkpoint before it.",
                        task.task().name(),
                        e.getMessage());
            }
        }
        if (!history.isEmpty()) {
            throw new IllegalStateException("task " + task.task().name() + ": none of the " + history.size()
                    + " announced checkpoints is whole in the store. Restore one of them there, or use a new store and new topics to"
                    + " start over.");
        }
        return new Restored(
                task,
                Learner.start(task),
                Optional.empty(),
                announced,
                partition,
                beginning,
                beginning,
                OptionalLong.empty(),
                Continuity.encoderSha256(task));
    }

    /** What is known before a checkpoint is chosen. */
    private record Past(List<CheckpointAnnouncement> history, Set<String> announced, int partition, long beginning) {}

    private static Restored resume(
            TrainedTask task, CheckpointStore store, CheckpointAnnouncement announcement, Past past) {
        CheckpointReference reference = announcement.checkpoint();
        Path directory = store.resolve(reference);
        requireAnnounced(directory, reference);
        CheckpointManifest manifest = CheckpointManifest.readVerified(directory);
        Continuity.require(task, directory, manifest);
        long first = announcement.offsets().next();
        requireNothingLost(task, first, past.beginning());
        LOG.info("task {}: going on from {}", task.task().name(), reference.location());
        return new Restored(
                task,
                Learner.resume(task, directory, reference.step()),
                Optional.of(reference.id()),
                past.announced(),
                past.partition(),
                first,
                Math.max(first, past.beginning()),
                textsNextOffset(announcement, past.history()),
                manifest.lineage().encoderSha256());
    }

    private static void requireNothingLost(TrainedTask task, long first, long beginning) {
        if (first >= beginning) {
            return;
        }
        String lost = "task " + task.task().name() + ": retention has removed the offsets " + first + " to " + beginning
                + " of accepted-examples, which no checkpoint covers.";
        if (task.training().checkpoints().lostOffsets() == LostOffsets.REFUSE) {
            throw new IllegalStateException(lost + " Set tasks." + task.task().name()
                    + ".training.checkpoints.lostOffsets to continue to go on from " + beginning
                    + " with this gap in the lineage, or restore the topic.");
        }
        LOG.warn("{} Going on behind the gap, which the next checkpoint records.", lost);
    }

    /** Where the checkpoint or the nearest ancestor that has read any texts stopped. */
    private static OptionalLong textsNextOffset(CheckpointAnnouncement from, List<CheckpointAnnouncement> history) {
        Optional<CheckpointAnnouncement> link = Optional.of(from);
        while (link.isPresent() && link.get().texts() == null) {
            String parent = link.get().parent();
            link = history.stream()
                    .filter(other -> other.checkpoint().id().equals(parent))
                    .findFirst();
        }
        return link.map(found -> OptionalLong.of(found.texts().next())).orElse(OptionalLong.empty());
    }

    private static void requireAnnounced(Path directory, CheckpointReference reference) {
        Path manifest = directory.resolve(CheckpointManifest.FILE_NAME);
        try {
            if (!Files.isRegularFile(manifest)) {
                throw new CorruptCheckpointException(
                        directory + " is missing, or has no " + CheckpointManifest.FILE_NAME + ".");
            }
            String sha256 = Sha256.of(manifest);
            if (!sha256.equals(reference.sha256())) {
                throw new CorruptCheckpointException(
                        manifest + " has SHA-256 " + sha256 + ", the announcement says " + reference.sha256() + ".");
            }
        } catch (IOException e) {
            throw new CorruptCheckpointException("cannot read " + manifest + ": " + e.getMessage(), e);
        }
    }
}
