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
import io.millrace.trainer.learner.StepResult;
import io.millrace.trainer.lineage.ResumePoint;
import io.millrace.trainer.lineage.RolledBackRange;
import io.millrace.trainer.lineage.UncheckpointedTraining;
import io.millrace.trainer.policy.PolicyRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Collects the mini-batches trained since the newest checkpoint, then writes and announces the next one. Each checkpoint covers the
 * offsets from the end of its parent to the first offset that the batchers have not handed out.
 */
final class CheckpointWriter {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);

    private final TrainedTask trained;
    private final Learner learner;
    private final CheckpointStore store;
    private final AnnouncementSink announcements;
    private final ElapsedTime time;
    private final MiniBatcher batcher;
    private final TextBatcher texts;
    private final Outbox outbox;
    private final @Nullable String encoderSha256;
    private final Set<String> announced;
    private Optional<String> parent;
    private long firstOffset;
    private long firstText;
    private @Nullable OffsetRange gap;
    private TrainingWindow window = new TrainingWindow();
    private Duration lastWritten;

    /** Writes the checkpoints after {@code start}, over the mini-batches of {@code batcher} and {@code texts}. */
    CheckpointWriter(
            ResumePoint start, Dependencies dependencies, MiniBatcher batcher, TextBatcher texts, Outbox outbox) {
        this.trained = start.task();
        this.learner = start.learner();
        this.store = dependencies.store();
        this.announcements = dependencies.announcements();
        this.time = dependencies.time();
        this.batcher = batcher;
        this.texts = texts;
        this.outbox = outbox;
        encoderSha256 = start.encoderSha256();
        announced = new HashSet<>(start.checkpoints().ids());
        parent = start.checkpoints().newest();
        firstOffset = start.offsets().first();
        firstText = texts.nextOffset();
        gap = start.offsets().gap();
        lastWritten = time.now();
    }

    /** Adds a mini-batch and its result. */
    void add(MiniBatch batch, StepResult result) {
        window.add(batch, result);
    }

    /** Whether no mini-batch was trained since the newest checkpoint. */
    boolean isEmpty() {
        return window.isEmpty();
    }

    /** Whether the steps or the time between two checkpoints are over, and there is something to write. */
    boolean isDue() {
        CheckpointConfig config = trained.training().checkpoints();
        return !window.isEmpty()
                && (window.size() >= config.everySteps()
                        || time.now().minus(lastWritten).compareTo(config.every()) >= 0);
    }

    /** Id of the newest checkpoint; empty if there is none. */
    Optional<String> parent() {
        return parent;
    }

    /** First offset of {@code accepted-examples} that no checkpoint covers. */
    long firstOffset() {
        return firstOffset;
    }

    /** Training that no checkpoint covers, with the records that wait to be published with it and what the policy records. */
    UncheckpointedTraining uncheckpointed(PolicyRecord policy) {
        return new UncheckpointedTraining(
                parent,
                new RolledBackRange(offsets(), textOffsets(), gap, window.miniBatches()),
                outbox.takeBefore(batcher.nextOffset(), texts.nextOffset()),
                policy);
    }

    /** Writes a checkpoint, and announces it together with the records that wait in its range. Returns its id. */
    String write(PolicyRecord policy) {
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
                policy.state());
        CheckpointReference reference = store.write(learner.step(), lineage, announced, learner::save);
        announcements.announce(
                new CheckpointAnnouncement(
                        reference,
                        parent.orElse(null),
                        offsets,
                        window.examples(),
                        window.means(),
                        textOffsets,
                        gap,
                        policy.reactions(),
                        window.produced()),
                outbox.takeBefore(offsets.next(), texts.nextOffset()));
        LOG.info("task {}: {} covers offsets {}", trained.task().name(), reference.id(), offsets);
        learner.checkpointed();
        announced.add(reference.id());
        parent = Optional.of(reference.id());
        firstOffset = offsets.next();
        firstText = texts.nextOffset();
        gap = null;
        window = new TrainingWindow();
        lastWritten = time.now();
        return reference.id();
    }

    private OffsetRange offsets() {
        return new OffsetRange(batcher.partition(), firstOffset, batcher.nextOffset());
    }

    private @Nullable OffsetRange textOffsets() {
        return texts.isReading() ? new OffsetRange(texts.partition(), firstText, texts.nextOffset()) : null;
    }
}
