package io.millrace.trainer.lineage;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CorruptCheckpointException;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.learner.Learner;
import io.millrace.trainer.lineage.TaskTopics.Bounds;
import io.millrace.trainer.policy.PolicyHistory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where a task resumes training.
 *
 * @param task the task
 * @param learner its learner, in the state of the newest checkpoint
 * @param checkpoints the checkpoints so far
 * @param offsets where it resumes in {@code accepted-examples}
 * @param texts its partition of {@code texts}, from the first offset to read; empty if it reads none
 * @param encoderSha256 hash of the weights that the task started from; null if unknown
 */
public record ResumePoint(
        TrainedTask task,
        Learner learner,
        PriorCheckpoints checkpoints,
        ResumeOffsets offsets,
        Optional<Bounds> texts,
        @Nullable String encoderSha256) {

    private static final Logger LOG = LoggerFactory.getLogger(ResumePoint.class);

    /**
     * The checkpoints so far.
     *
     * @param newest id of the one that the learner was restored from; empty at the start of the stream
     * @param ids ids of all that were announced
     * @param policy where the task's policy resumes
     */
    public record PriorCheckpoints(Optional<String> newest, Set<String> ids, PolicyHistory policy) {

        public PriorCheckpoints {
            ids = Set.copyOf(ids);
        }
    }

    /**
     * Restores the newest announced checkpoint that is whole, or starts from the task's encoder if none was ever announced.
     *
     * @throws IllegalStateException if training cannot resume as configured; the message says why and what to do
     */
    public static ResumePoint of(TrainedTask task, CheckpointStore store, TaskTopics topics) {
        List<CheckpointAnnouncement> history = topics.history();
        Ancestry ancestry = new Ancestry(history);
        for (int i = history.size() - 1; i >= 0; i--) {
            CheckpointReference reference = history.get(i).checkpoint();
            boolean isNewest = i == history.size() - 1;
            // Most of the old ones were deleted long ago.
            if (isNewest || Files.isDirectory(store.resolve(reference))) {
                try {
                    return resume(task, store, reference, topics, ancestry, isNewest);
                } catch (CorruptCheckpointException e) {
                    LOG.warn(
                            "task {}: {} Falling back to the checkpoint before it.",
                            task.task().name(),
                            e.getMessage());
                }
            }
        }
        if (!history.isEmpty()) {
            throw new IllegalStateException("task " + task.task().name() + ": none of the " + history.size()
                    + " announced checkpoints is whole in the store. Restore one of them there, or use a new store and new topics to"
                    + " start over.");
        }
        requireNothingUnannounced(task, store, topics);
        ResumeOffsetFinder finder = new ResumeOffsetFinder(task, topics);
        ResumeOffsets offsets = finder.ofNewTask();
        return new ResumePoint(
                task,
                Learner.start(task),
                new PriorCheckpoints(Optional.empty(), Set.of(), PolicyHistory.start()),
                offsets,
                texts(finder, topics, List.of()),
                ResumeCompatibility.encoderSha256(task));
    }

    private static ResumePoint resume(
            TrainedTask task,
            CheckpointStore store,
            CheckpointReference reference,
            TaskTopics topics,
            Ancestry ancestry,
            boolean isNewest) {
        Path directory = store.resolve(reference);
        CheckpointManifest manifest = CheckpointManifest.readVerified(directory, reference);
        ResumeCompatibility.require(task, directory, manifest);
        Optional<String> parent = Optional.of(reference.id());
        List<CheckpointAnnouncement> chain = ancestry.chain(parent);
        ResumeOffsetFinder finder = new ResumeOffsetFinder(task, topics);
        ResumeOffsets offsets = finder.after(chain, isNewest);
        LOG.info("task {}: resuming from {}", task.task().name(), reference.location());
        return new ResumePoint(
                task,
                Learner.resume(task, directory, reference.step()),
                new PriorCheckpoints(
                        parent,
                        ancestry.ids(),
                        PolicyHistory.after(manifest.lineage().policy(), chain, topics.history())),
                offsets,
                texts(finder, topics, chain),
                manifest.lineage().encoderSha256());
    }

    private static Optional<Bounds> texts(
            ResumeOffsetFinder finder, TaskTopics topics, List<CheckpointAnnouncement> chain) {
        return topics.texts().map(here -> new Bounds(here.partition(), finder.texts(chain), here.end()));
    }

    /**
     * Without announcements, the store may hold at most a first checkpoint that was written and never announced. A checkpoint with a
     * parent, or one that training continued from, was announced.
     */
    private static void requireNothingUnannounced(TrainedTask task, CheckpointStore store, TaskTopics topics) {
        boolean wasAnnounced =
                topics.covered().filter(covered -> covered.checkpoint() != null).isPresent()
                        || store.all().stream().anyMatch(ResumePoint::hasParent);
        if (wasAnnounced) {
            throw new IllegalStateException(
                    "task " + task.task().name() + ": " + store.directory()
                            + " holds checkpoints, but none is announced on the topic checkpoints: it was deleted, or its retention"
                            + " has removed them. Restore the topic, or use another store or a task of another name to start over.");
        }
    }

    private static boolean hasParent(Path directory) {
        try {
            return CheckpointManifest.read(directory).lineage().parent() != null;
        } catch (CorruptCheckpointException e) {
            return false;
        }
    }
}
