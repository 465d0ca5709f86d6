package io.millrace.trainer;

import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.trainer.TrainerMetrics.ExampleOutcome;
import io.millrace.trainer.batch.MiniBatch;
import io.millrace.trainer.batch.MiniBatcher;
import io.millrace.trainer.batch.PolledRecord;
import io.millrace.trainer.batch.TextBatcher;
import io.millrace.trainer.batch.WithOffset;
import io.millrace.trainer.checkpoint.AnnouncementSink;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.checkpoint.CoveredOffset;
import io.millrace.trainer.checkpoint.Outbox;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.learner.LabelVocabulary;
import io.millrace.trainer.learner.Learner;
import io.millrace.trainer.learner.StepResult;
import io.millrace.trainer.lineage.ResumeOffsets;
import io.millrace.trainer.lineage.ResumePoint;
import io.millrace.trainer.lineage.Rollback;
import io.millrace.trainer.lineage.TaskTopics.Bounds;
import io.millrace.trainer.lineage.UncheckpointedTraining;
import io.millrace.trainer.policy.TrainingPolicy;
import io.millrace.trainer.policy.VerdictFeed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;

/**
 * Trains one task while this process holds its partition: takes records, cuts mini-batches, predicts, updates, and takes checkpoints.
 * All on the training thread, but for writing and announcing checkpoints.
 */
public final class TaskTrainer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TaskTrainer.class);

    private static final Bounds NO_TEXTS = new Bounds(0, 0, 0);

    private final TrainedTask trained;
    private final Learner learner;
    private final MiniBatcher batcher;
    private final TextBatcher texts;
    private final LabelVocabulary labels;
    private final TrainerMetrics metrics;
    private final ElapsedTime time;
    private final CheckpointThread thread;
    private final ReadProgress progress;
    private final Outbox outbox;
    private final TrainingMonitor monitor;
    private final CheckpointWriter checkpoints;
    private final TrainingPolicy policy;

    /**
     * What a task trainer works with.
     *
     * @param kafka gives the names of the topics
     * @param store stores its checkpoints
     * @param announcements announces them
     * @param metrics its meters
     * @param rejectedRecords shapes rejected records so that their topic takes them
     * @param time measures silence
     * @param thread writes its checkpoints beside training
     * @param verdicts the verdicts that the task's policy answers; empty for a task without one
     */
    record Dependencies(
            KafkaConnection kafka,
            CheckpointStore store,
            AnnouncementSink announcements,
            TrainerMetrics metrics,
            RejectedRecords rejectedRecords,
            ElapsedTime time,
            CheckpointThread thread,
            Optional<VerdictFeed> verdicts) {}

    /** Trains on from {@code start}. */
    TaskTrainer(ResumePoint start, Dependencies dependencies) {
        trained = start.task();
        learner = start.learner();
        metrics = dependencies.metrics();
        time = dependencies.time();
        thread = dependencies.thread();
        ResumeOffsets offsets = start.offsets();
        outbox = new Outbox(
                dependencies.kafka(), trained.task().name(), offsets.partition(), dependencies.rejectedRecords());
        batcher = new MiniBatcher(trained.training().batching().batchSize(), offsets.partition(), offsets.next());
        progress = new ReadProgress(offsets.read(), time.now());
        Bounds textsStart = start.texts().orElse(NO_TEXTS);
        texts = new TextBatcher(
                start.texts()
                        .map(reading -> trained.training().batching().unlabelledTexts())
                        .orElse(0),
                textsStart.partition(),
                textsStart.beginning());
        labels = new LabelVocabulary(trained.task(), learner.labels());
        checkpoints = new CheckpointWriter(start, dependencies, batcher, texts, outbox);
        policy = new TrainingPolicy(
                trained,
                start.checkpoints().policy(),
                dependencies.verdicts().map(feed -> new SettlingVerdicts(feed, checkpoints::isAnnounced, this::settle)),
                learner::adjust,
                metrics);
        monitor = new TrainingMonitor(trained, learner, metrics, outbox, policy::drift);
        metrics.pending(0);
        metrics.textsPending(0);
    }

    /** First offset to read, or to read again after the task has left. */
    public long nextOffset() {
        return Math.max(batcher.nextOffset(), progress.firstRead());
    }

    /** Notes how far the partition has been read, once its records have been handed in. */
    void readTo(long position) {
        progress.readTo(position, time.now());
        if (isQuiet()) {
            progress.coverTo(position);
        }
    }

    /** First offset before which no record of the task is left to train: a restart need not read those again. */
    CoveredOffset covered() {
        return new CoveredOffset(
                checkpoints.parent().orElse(null),
                batcher.partition(),
                Math.max(checkpoints.firstOffset(), progress.coveredOffset()));
    }

    /** Whether everything that was read is in an announced checkpoint. */
    private boolean isQuiet() {
        return batcher.pending() == 0
                && checkpoints.isEmpty()
                && !checkpoints.isUnderWay()
                && outbox.waiting(false) == 0;
    }

    /** Takes the task's next record, unless a checkpoint covers its offset already. */
    void accept(PolledRecord record) {
        if (record.offset() < Math.max(batcher.nextOffset(), progress.readOffset())) {
            return;
        }
        metrics.accepted();
        progress.read(record.offset(), time.now());
        Optional<AcceptedExample> accepted = record.accepted(trained.task().kind());
        if (accepted.isEmpty()) {
            reject(record, RejectionReason.INVALID_JSON, "not an accepted example of a task of this kind");
        } else if (labels.admits(accepted.get().example().label())) {
            batcher.add(new WithOffset<>(
                    record.offset(),
                    accepted.get().example(),
                    accepted.get().origin().timestampMs()));
        } else if (trained.task().newLabels() == NewLabels.GROW) {
            reject(
                    record,
                    RejectionReason.TOO_MANY_LABELS,
                    "the label is new, and the head has the " + trained.task().maxLabels()
                            + " labels of maxLabels already");
        } else {
            reject(record, RejectionReason.UNKNOWN_LABEL, "the label is not one of the task's");
        }
        metrics.pending(batcher.pending());
    }

    private void reject(PolledRecord record, RejectionReason reason, String message) {
        outbox.untrainable(record, reason, message);
        metrics.examples(ExampleOutcome.MALFORMED, 1);
    }

    /** Takes the task's next record of {@code texts}. */
    void acceptText(PolledRecord record) {
        if (record.offset() < texts.readOffset()) {
            return;
        }
        metrics.textsRead();
        texts.read(record.offset());
        Optional<UnlabelledText> text = record.text();
        if (text.isPresent()) {
            texts.add(record.offset(), text.get());
        } else {
            outbox.malformedText(record);
            metrics.texts(ExampleOutcome.MALFORMED, 1);
        }
        metrics.textsPending(texts.pending());
    }

    /** The unlabelled texts that wait. */
    public TextBatcher texts() {
        return texts;
    }

    /** Trains one full mini-batch if there is one, and takes a checkpoint if one is due. Whether it trained. */
    boolean advance() {
        checkpoints.settleIfDone().ifPresent(this::announced);
        policy.poll(time.now());
        boolean worked = !monitor.hasExploded() && batcher.isFull() && texts.isReady();
        if (worked) {
            train(batcher.take(texts.take()));
        }
        if (!monitor.hasExploded() && checkpoints.isDue()) {
            checkpoint();
        }
        if (outbox.isFull(false) || outbox.isFull(true)) {
            drain();
        }
        return worked;
    }

    /** Whether no more texts should be read for now. */
    boolean hasEnoughTexts() {
        return texts.isFilled() || outbox.isFull(true);
    }

    /** How many examples wait for texts that the topic holds but that are not read yet. */
    int waitingForTexts() {
        return batcher.isFull() && !texts.isReady() ? batcher.pending() : 0;
    }

    /**
     * Reports the task's lag.
     *
     * @param unread records of its partition that are not read; negative just after a takeover, while the consumer still has an older
     *     end of the partition
     */
    void reportLag(long unread) {
        metrics.lag(Math.max(0, unread) + batcher.pending());
    }

    /**
     * Drains once no record of the task has arrived for long enough and no text is left to read. While the partition has unread records,
     * only the time in which reading progressed counts as silence.
     *
     * @param nothingUnread whether the partition has been read to its end
     */
    void idle(boolean nothingUnread) {
        Duration silence = progress.silence(nothingUnread, time.now());
        if (silence.compareTo(trained.training().batching().idleAfter()) >= 0 && texts.isReady()) {
            drain();
        }
    }

    /** Trains all pending examples, the last mini-batch may be short, and takes a checkpoint that covers all that was read. */
    void drain() {
        while (batcher.pending() > 0 && !monitor.hasExploded()) {
            train(batcher.take(texts.take()));
        }
        // Pending texts hold back the malformed ones after them.
        boolean rejectsTexts = texts.pending() == 0 && outbox.waiting(true) > 0;
        if (!monitor.hasExploded() && (!checkpoints.isEmpty() || outbox.waiting(false) > 0 || rejectsTexts)) {
            batcher.passOver(progress.readOffset());
            texts.passOver(texts.readOffset());
            checkpoint();
        }
    }

    private void train(MiniBatch batch) {
        Duration start = time.now();
        StepResult result = learner.learn(batch.examples(), batch.texts().texts());
        monitor.learned(batch, result, time.now().minus(start));
        checkpoints.add(batch, result);
        metrics.pending(batcher.pending());
        metrics.textsPending(texts.pending());
        progress.busy(time.now());
    }

    /** Whether the loss has exploded. Then it trains no more until a {@link Rollback}. */
    public boolean hasExploded() {
        return monitor.hasExploded();
    }

    /** Whether the policy returns to the champion: at a checkpoint, so nothing is trained since. */
    public boolean returns() {
        return policy.returns();
    }

    /** Continues without that return: there is nothing to return to. */
    public void stay() {
        policy.stay();
    }

    /** Training since the newest checkpoint, with the records that wait to be rejected in that range. */
    UncheckpointedTraining uncheckpointed() {
        settle();
        return checkpoints.uncheckpointed(policy.rollingBack());
    }

    /** The parent of a checkpoint, and the verdicts that its policy answers, are known once the one before it is settled. */
    private void checkpoint() {
        Duration start = time.now();
        boolean waits = thread.isBusy();
        settle();
        checkpoints.take(policy.beforeCheckpoint());
        metrics.checkpointTaken(time.now().minus(start), waits);
        if (policy.returns()) {
            settle();
        }
    }

    /** Waits until the checkpoint under way is announced. */
    void settle() {
        checkpoints.settle().ifPresent(this::announced);
    }

    private void announced(String checkpoint) {
        policy.written(checkpoint);
        progress.coverTo(isQuiet() ? progress.position() : checkpoints.firstOffset());
    }

    /** Announces a last checkpoint of the mini-batches trained so far. The next owner reads pending examples again. */
    void leave() {
        if (!checkpoints.isEmpty() && !monitor.hasExploded()) {
            checkpoint();
        }
        settle();
    }

    /** Waits for the checkpoint under way: it reads from the learner's memory, and its announcer is closed next. */
    @Override
    public void close() {
        try {
            settle();
        } catch (RuntimeException e) {
            LOG.warn(
                    "task {}: the checkpoint under way is lost: {}",
                    trained.task().name(),
                    e.getMessage());
        }
        metrics.examples(ExampleOutcome.RELEASED, batcher.pending());
        metrics.texts(ExampleOutcome.RELEASED, texts.pending());
        metrics.close();
        policy.close();
        learner.close();
    }
}
