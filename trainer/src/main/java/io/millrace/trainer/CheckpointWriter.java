package io.millrace.trainer;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.trainer.TaskTrainer.Dependencies;
import io.millrace.trainer.batch.MiniBatch;
import io.millrace.trainer.batch.MiniBatcher;
import io.millrace.trainer.batch.TextBatcher;
import io.millrace.trainer.checkpoint.AnnouncementSink;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.checkpoint.Outbox;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.learner.Learner;
import io.millrace.trainer.learner.LearnerSnapshot;
import io.millrace.trainer.learner.StepResult;
import io.millrace.trainer.lineage.ResumePoint;
import io.millrace.trainer.lineage.RolledBackRange;
import io.millrace.trainer.lineage.UncheckpointedTraining;
import io.millrace.trainer.policy.PolicyRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;

/**
 * Collects the mini-batches trained since the newest checkpoint, then takes the next one: a snapshot of the learner, with all that belongs
 * to it. It is written and announced beside training, on {@link CheckpointThread}. Each checkpoint covers the offsets from the end of its
 * parent to the first offset that the batchers had not handed out when it was taken. At most one is under way. Once one has failed, none
 * is taken any more: it would leave a hole.
 */
final class CheckpointWriter {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);

    private final TrainedTask trained;
    private final Learner learner;
    private final CheckpointStore store;
    private final AnnouncementSink announcements;
    private final CheckpointThread thread;
    private final TrainerMetrics metrics;
    private final ElapsedTime time;
    private final MiniBatcher batcher;
    private final TextBatcher texts;
    private final Outbox outbox;
    private final @Nullable String encoderSha256;
    private final Set<String> announced;
    private Optional<String> parent;
    private long announcedOffset;
    private @Nullable UnderWay underWay;
    private long firstOffset;
    private long firstText;
    private @Nullable OffsetRange gap;
    private TrainingWindow window = new TrainingWindow();
    private Duration lastTaken;

    /** A checkpoint that is taken, and not known to be announced. */
    private record UnderWay(Future<Done> done, List<ProducerRecord<String, byte[]>> records) {}

    /** A checkpoint that is announced, and how long that took beside training. */
    private record Done(CheckpointAnnouncement announcement, Duration took) {}

    /** Writes the checkpoints after {@code start}, over the mini-batches of {@code batcher} and {@code texts}. */
    CheckpointWriter(
            ResumePoint start, Dependencies dependencies, MiniBatcher batcher, TextBatcher texts, Outbox outbox) {
        this.trained = start.task();
        this.learner = start.learner();
        this.store = dependencies.store();
        this.announcements = dependencies.announcements();
        this.thread = dependencies.thread();
        this.metrics = dependencies.metrics();
        this.time = dependencies.time();
        this.batcher = batcher;
        this.texts = texts;
        this.outbox = outbox;
        encoderSha256 = start.encoderSha256();
        announced = new HashSet<>(start.checkpoints().ids());
        parent = start.checkpoints().newest();
        firstOffset = start.offsets().first();
        announcedOffset = firstOffset;
        firstText = texts.nextOffset();
        gap = start.offsets().gap();
        lastTaken = time.now();
    }

    /** Adds a mini-batch and its result. */
    void add(MiniBatch batch, StepResult result) {
        window.add(batch, result);
    }

    /** Whether no mini-batch was trained since the newest checkpoint was taken. */
    boolean isEmpty() {
        return window.isEmpty();
    }

    /** Whether the steps or the time between two checkpoints are over, and there is something to write. */
    boolean isDue() {
        CheckpointConfig config = trained.training().checkpoints();
        return !window.isEmpty()
                && (window.size() >= config.everySteps()
                        || time.now().minus(lastTaken).compareTo(config.every()) >= 0);
    }

    /** Id of the newest announced checkpoint; empty if there is none. */
    Optional<String> parent() {
        return parent;
    }

    /** First offset of {@code accepted-examples} that no announced checkpoint covers. */
    long firstOffset() {
        return announcedOffset;
    }

    /** Whether the checkpoint with this id is known to be announced. */
    boolean isAnnounced(String id) {
        return announced.contains(id);
    }

    /** Whether a checkpoint of this task is under way. */
    boolean isUnderWay() {
        return underWay != null;
    }

    /** Training that no checkpoint covers, none being under way, with the records that wait to be published with it and what the policy records. */
    UncheckpointedTraining uncheckpointed(PolicyRecord policy) {
        return new UncheckpointedTraining(
                parent,
                new RolledBackRange(offsets(), textOffsets(), gap, window.miniBatches()),
                outbox.takeBefore(batcher.nextOffset(), texts.nextOffset()),
                policy);
    }

    /**
     * Takes a checkpoint, and starts to write it and to announce it together with the records that wait in its range. If one of another
     * task is under way, it waits for that; none of this task may be.
     */
    void take(PolicyRecord policy) {
        if (underWay != null) {
            throw new IllegalStateException("a checkpoint of " + trained.task().name() + " is under way");
        }
        // Before the snapshot: two copies of a state must not be in memory at once.
        thread.awaitFree();
        OffsetRange offsets = offsets();
        OffsetRange textOffsets = textOffsets();
        CheckpointManifest.Lineage lineage = new CheckpointManifest.Lineage(
                parent.orElse(null),
                trained.training().sha256(trained.task()),
                offsets,
                window.miniBatches(),
                textOffsets,
                gap,
                encoderSha256,
                policy.adjustments(),
                policy.state(),
                learner.shards());
        List<ProducerRecord<String, byte[]>> records = outbox.takeBefore(offsets.next(), texts.nextOffset());
        TrainingWindow taken = window;
        long step = learner.step();
        LearnerSnapshot snapshot = learner.snapshot();
        learner.checkpointed();
        underWay = new UnderWay(
                thread.start(() -> {
                    Duration start = time.now();
                    CheckpointReference reference = write(step, lineage, snapshot);
                    CheckpointAnnouncement announcement = new CheckpointAnnouncement(
                            reference,
                            lineage.parent(),
                            offsets,
                            taken.examples(),
                            taken.means(),
                            textOffsets,
                            lineage.gap(),
                            policy.reactions(),
                            taken.produced());
                    announcements.announce(announcement, records);
                    return new Done(announcement, time.now().minus(start));
                }),
                records);
        firstOffset = offsets.next();
        firstText = texts.nextOffset();
        gap = null;
        window = new TrainingWindow();
        lastTaken = time.now();
    }

    /** On the other thread, which reads {@code announced} only while training does not change it. */
    private CheckpointReference write(long step, CheckpointManifest.Lineage lineage, LearnerSnapshot snapshot) {
        try (snapshot) {
            return store.write(step, lineage, announced, snapshot::writeInto);
        }
    }

    /** As {@link #settle}, if the checkpoint under way is announced or has failed; does not wait. */
    Optional<String> settleIfDone() {
        return underWay != null && underWay.done().isDone() ? settle() : Optional.empty();
    }

    /**
     * Waits for the checkpoint under way.
     *
     * @return its id; empty if none was under way
     * @throws RuntimeException if it was not written or not announced, each time
     */
    Optional<String> settle() {
        if (underWay == null) {
            return Optional.empty();
        }
        Done done = CheckpointThread.result(underWay.done());
        CheckpointAnnouncement announcement = done.announcement();
        String id = announcement.checkpoint().id();
        LOG.info("task {}: {} covers offsets {}", trained.task().name(), id, announcement.offsets());
        announced.add(id);
        parent = Optional.of(id);
        announcedOffset = announcement.offsets().next();
        List<ProducerRecord<String, byte[]>> records = underWay.records();
        underWay = null;
        metrics.checkpoint(done.took());
        announcements.announced(announcement, records);
        return Optional.of(id);
    }

    private OffsetRange offsets() {
        return new OffsetRange(batcher.partition(), firstOffset, batcher.nextOffset());
    }

    private @Nullable OffsetRange textOffsets() {
        return texts.isReading() ? new OffsetRange(texts.partition(), firstText, texts.nextOffset()) : null;
    }
}
