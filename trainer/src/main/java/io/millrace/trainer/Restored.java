package io.millrace.trainer;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointManifest;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.CorruptCheckpointException;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.Sha256;
import io.millrace.schemas.Task;
import io.millrace.trainer.checkpoint.CheckpointStore;
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
 * @param nextOffset first offset to train on
 * @param textsNextOffset first offset of {@code texts} to train on; empty if no checkpoint has read any
 */
record Restored(
        TrainedTask task,
        Learner learner,
        Optional<String> parent,
        Set<String> announced,
        int partition,
        long nextOffset,
        OptionalLong textsNextOffset) {

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
                Learner learner = resume(task, store, announcement.checkpoint());
                return new Restored(
                        task,
                        learner,
                        Optional.of(announcement.checkpoint().id()),
                        announced,
                        partition,
                        announcement.offsets().next(),
                        textsNextOffset(history.subList(0, i + 1)));
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
                task, Learner.start(task), Optional.empty(), announced, partition, beginning, OptionalLong.empty());
    }

    private static Learner resume(TrainedTask task, CheckpointStore store, CheckpointReference reference) {
        Path directory = store.resolve(reference);
        requireAnnounced(directory, reference);
        CheckpointManifest.readVerified(directory);
        List<String> labels =
                EncoderCheckpoint.read(directory).head().orElseThrow().labels();
        if (!isContinued(task.task(), labels)) {
            throw new IllegalStateException(
                    "tasks." + task.task().name() + ".labels must be those of " + reference.location()
                            + ", which has " + labels.size() + " labels, got "
                            + task.task().labels().size()
                            + " or another order. Restore the labels, or start a task of another name.");
        }
        LOG.info("task {}: going on from {}", task.task().name(), reference.location());
        return Learner.resume(task, directory, reference.step());
    }

    /** Whether a model over {@code labels} is one of the task; with new labels it may have grown. */
    private static boolean isContinued(Task task, List<String> labels) {
        return task.newLabels() == NewLabels.GROW
                ? labels.size() >= task.labels().size()
                        && labels.subList(0, task.labels().size()).equals(task.labels())
                : labels.equals(task.labels());
    }

    private static OptionalLong textsNextOffset(List<CheckpointAnnouncement> chain) {
        return chain.stream()
                .filter(announcement -> announcement.texts() != null)
                .mapToLong(announcement -> announcement.texts().next())
                .max();
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
