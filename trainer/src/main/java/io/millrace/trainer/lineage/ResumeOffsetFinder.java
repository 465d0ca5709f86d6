package io.millrace.trainer.lineage;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.config.CheckpointConfig.LostOffsets;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.lineage.TaskTopics.Bounds;
import io.millrace.trainer.lineage.TaskTopics.LeftBehind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/** Finds where a task takes up in its partitions, and refuses to pass over examples that no checkpoint covers. */
final class ResumeOffsetFinder {

    private static final Logger LOG = LoggerFactory.getLogger(ResumeOffsetFinder.class);

    private static final String RESTORE = " Otherwise restore the topic.";

    private final TrainedTask task;
    private final TaskTopics topics;

    ResumeOffsetFinder(TrainedTask task, TaskTopics topics) {
        this.task = task;
        this.topics = topics;
    }

    /** Of a task that has no checkpoint. */
    ResumeOffsets ofNewTask() {
        Bounds here = topics.examples();
        return ResumeOffsets.at(here.partition(), Math.max(here.beginning(), covered(null, here)));
    }

    /**
     * Of a task with a checkpoint.
     *
     * @param chain the checkpoint to take up from and its ancestors, the newest first
     * @param isNewest whether it is the newest that was announced: only of that one is it known how far the task was read besides
     * @throws IllegalStateException if that would pass over examples
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
                            + " now: the topic was made anew or has lost records. Restore the topic, or start a task of"
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

    /** First offset of {@code texts} to read: where the chain stopped in the task's partition, or where that begins. */
    long texts(List<CheckpointAnnouncement> chain) {
        Bounds here = topics.texts().orElseThrow();
        for (CheckpointAnnouncement link : chain) {
            if (link.texts() != null && link.texts().partition() == here.partition()) {
                return link.texts().next();
            }
            if (link.texts() != null) {
                LOG.warn(
                        "{}its partition of texts is {} now, and was {}: what waits there from offset {} on is not read",
                        named(),
                        here.partition(),
                        link.texts().partition(),
                        link.texts().next());
                return here.beginning();
            }
        }
        return here.beginning();
    }

    /** Partitions were added, and the task's key leads to another one: it moves if it leaves nothing behind. */
    private ResumeOffsets moved(List<CheckpointAnnouncement> chain, long next) {
        int old = chain.get(0).offsets().partition();
        Bounds here = topics.examples();
        LeftBehind found = topics.oldPartitionScan().from(old, next);
        OffsetRange gap = null;
        if (found.records() > 0) {
            gap = new OffsetRange(old, found.first(), found.next());
            requireAllowed(
                    "its partition of accepted-examples is " + here.partition() + " now, and was " + old + ", where "
                            + found.records() + " of its examples at offsets " + found.first() + " to " + found.next()
                            + " (not included) are not trained. See \"Adding partitions\" in docs/operations.md.",
                    "");
        } else if (found.beginning() > next) {
            gap = new OffsetRange(old, next, found.beginning());
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

    /** How far the store says that the task was read; 0 if it says nothing, or something of a topic that is no more. */
    private long covered(String id, Bounds in) {
        return topics.covered()
                .filter(covered -> covered.isOf(id, in.partition()) && covered.offset() <= in.end())
                .map(covered -> covered.offset())
                .orElse(0L);
    }

    private void requireAllowed(String lost, String otherwise) {
        if (task.training().checkpoints().lostOffsets() == LostOffsets.REFUSE) {
            throw new IllegalStateException(
                    named() + lost + " To go on without them, with this gap in the lineage, set tasks."
                            + task.task().name()
                            + ".training.checkpoints.lostOffsets to continue." + otherwise);
        }
        LOG.warn("{}{} Training goes on without them; the next checkpoint records the gap.", named(), lost);
    }

    private String named() {
        return "task " + task.task().name() + ": ";
    }
}
