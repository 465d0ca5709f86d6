package io.millrace.trainer.lineage;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.checkpoint.CoveredOffset;
import io.millrace.trainer.config.CheckpointConfig.LostOffsets;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.lineage.TaskTopics.Bounds;
import io.millrace.trainer.lineage.TaskTopics.LeftBehind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/** Finds where a task resumes in its partitions, and refuses to skip examples that no checkpoint covers. */
final class ResumeOffsetFinder {

    private static final Logger LOG = LoggerFactory.getLogger(ResumeOffsetFinder.class);

    private static final String RESTORE = " Otherwise restore the topic.";

    private final TrainedTask task;
    private final TaskTopics topics;

    ResumeOffsetFinder(TrainedTask task, TaskTopics topics) {
        this.task = task;
        this.topics = topics;
    }

    /** The offsets of a task without a checkpoint. */
    ResumeOffsets ofNewTask() {
        Bounds here = topics.examples();
        return ResumeOffsets.at(here.partition(), Math.max(here.beginning(), covered(null, here)));
    }

    /**
     * The offsets of a task with a checkpoint.
     *
     * @param chain the checkpoint to resume from and its ancestors, newest first
     * @param isNewest whether it is the newest that was announced: the store says only of that one how far the task was read
     * @throws IllegalStateException if that would skip examples
     */
    ResumeOffsets after(List<CheckpointAnnouncement> chain, boolean isNewest) {
        OffsetRange before = chain.get(0).offsets();
        Bounds here = topics.examples();
        String id = isNewest ? chain.get(0).checkpoint().id() : "";
        if (before.partition() != here.partition()) {
            return moved(
                    chain, Math.max(before.next(), covered(id, new Bounds(before.partition(), 0, Long.MAX_VALUE))));
        }
        if (before.next() > here.end()) {
            throw new IllegalStateException(
                    named() + "its newest checkpoint ends at offset " + before.next() + " of partition "
                            + here.partition() + " of accepted-examples, which ends at " + here.end()
                            + " now: the topic was created again or has lost records. Restore the topic, or start a task of"
                            + " another name.");
        }
        long read = Math.max(before.next(), covered(id, here));
        if (read >= here.beginning()) {
            return new ResumeOffsets(here.partition(), before.next(), before.next(), read, null);
        }
        OffsetRange gap = new OffsetRange(here.partition(), read, here.beginning());
        requireAllowed(
                "retention has removed the offsets " + gap.first() + " to " + gap.next()
                        + " of accepted-examples, which no checkpoint covers.",
                RESTORE);
        return new ResumeOffsets(here.partition(), before.next(), gap.next(), gap.next(), gap);
    }

    /** First offset of {@code texts} to read: where the chain stopped in the task's partition, or the partition's beginning. */
    long texts(List<CheckpointAnnouncement> chain) {
        Bounds here = topics.texts().orElseThrow();
        for (CheckpointAnnouncement link : chain) {
            if (link.texts() != null && link.texts().partition() == here.partition()) {
                return link.texts().next();
            }
            if (link.texts() != null) {
                LOG.warn(
                        "{}its partition of texts is {} now, and was {}: texts there from offset {} on are not read",
                        named(),
                        here.partition(),
                        link.texts().partition(),
                        link.texts().next());
                return here.beginning();
            }
        }
        return here.beginning();
    }

    /** Partitions were added, and the task's key now maps to another one: the task moves if it leaves nothing behind. */
    private ResumeOffsets moved(List<CheckpointAnnouncement> chain, long next) {
        int old = chain.get(0).offsets().partition();
        Bounds here = topics.examples();
        LeftBehind left = topics.oldPartitionScan().from(old, next);
        OffsetRange gap = null;
        if (left.records() > 0) {
            gap = new OffsetRange(old, left.first(), left.next());
            requireAllowed(
                    "its partition of accepted-examples is " + here.partition() + " now, and was " + old + ", where "
                            + left.records() + " of its examples at offsets " + left.first() + " to " + left.next()
                            + " (not included) are not trained. See \"Adding partitions\" in docs/operations.md.",
                    "");
        } else if (left.beginning() > next) {
            gap = new OffsetRange(old, next, left.beginning());
            requireAllowed(
                    "its partition of accepted-examples is " + here.partition() + " now, and was " + old
                            + ", where retention has removed the offsets " + gap.first() + " to " + gap.next()
                            + ", which no checkpoint covers.",
                    RESTORE);
        }
        long first = here.beginning();
        for (CheckpointAnnouncement link : chain) {
            if (link.offsets().partition() == here.partition()) {
                first = Math.max(first, link.offsets().next());
            }
        }
        LOG.warn(
                "{}moves from partition {} of {} to partition {}, from offset {} on",
                named(),
                old,
                Topics.ACCEPTED_EXAMPLES.name(),
                here.partition(),
                first);
        return new ResumeOffsets(here.partition(), first, first, first, gap);
    }

    /** How far the task was read according to the store; 0 if the store does not say, or speaks of a deleted topic. */
    private long covered(@Nullable String id, Bounds in) {
        return topics.covered()
                .filter(covered -> covered.isOf(id, in.partition()) && covered.offset() <= in.end())
                .map(CoveredOffset::offset)
                .orElse(0L);
    }

    private void requireAllowed(String lost, String otherwise) {
        if (task.training().checkpoints().lostOffsets() == LostOffsets.REFUSE) {
            throw new IllegalStateException(
                    named() + lost + " To continue without them and record this gap in the lineage, set tasks."
                            + task.task().name()
                            + ".training.checkpoints.lostOffsets to continue." + otherwise);
        }
        LOG.warn("{}{} Training continues without them; the next checkpoint records the gap.", named(), lost);
    }

    private String named() {
        return "task " + task.task().name() + ": ";
    }
}
