package io.millrace.trainer;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.text.LogSafe;
import io.millrace.trainer.TrainerMetrics.ExampleOutcome;
import io.millrace.trainer.batch.MiniBatch;
import io.millrace.trainer.batch.MiniBatcher;
import io.millrace.trainer.batch.PolledRecord;
import io.millrace.trainer.batch.TextBatcher;
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
import io.millrace.trainer.monitor.ConstantAnswerDetector;
import io.millrace.trainer.monitor.LossSpikeDetector;
import io.millrace.trainer.monitor.PrequentialAccuracy;
import io.millrace.trainer.monitor.TruncatedTexts;
import io.millrace.trainer.objective.ObjectiveTerm;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The training of one task while its partition is here: examples in, mini-batches, predictions, updates, checkpoints out. All of it
 * on the training thread.
 */
public final class TaskTrainer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TaskTrainer.class);

    private static final int MAX_LABEL_CHARS = 64;

    private static final Bounds NO_TEXTS = new Bounds(0, 0, 0);

    private final TrainedTask trained;
    private final Learner learner;
    private final MiniBatcher batcher;
    private final TextBatcher texts;
    private final LabelVocabulary labels;
    private final CheckpointStore store;
    private final Announcing announcing;
    private final TrainerMetrics metrics;
    private final ElapsedTime time;
    private final PrequentialAccuracy accuracy;
    private final LossSpikeDetector watch;
    private final ConstantAnswerDetector answers;
    private final TruncatedTexts truncated;
    private final Set<String> announced;
    private final ReadProgress progress;
    private Optional<String> parent;
    private long windowFirst;
    private final String encoderSha256;
    private OffsetRange gap;
    private long textsFirst;
    private TrainingWindow window = new TrainingWindow();
    private final Outbox castOut;
    private Duration lastCheckpoint;
    private boolean exploded;

    /** Makes a checkpoint known, in one transaction with what its range cast out. */
    @FunctionalInterface
    public interface Announcing {
        void announce(CheckpointAnnouncement announcement, List<ProducerRecord<String, byte[]>> castOut);
    }

    /**
     * What a run works with.
     *
     * @param kafka knows the names of the topics
     * @param store where its checkpoints go
     * @param announcing makes them known, and deletes old ones
     * @param metrics its meters
     * @param rejectedRecords what can be sent for a rejected record
     * @param time by which silence is measured
     */
    record Dependencies(
            KafkaConnection kafka,
            CheckpointStore store,
            Announcing announcing,
            TrainerMetrics metrics,
            RejectedRecords rejectedRecords,
            ElapsedTime time) {}

    /** The run of a restored task. */
    TaskTrainer(ResumePoint restored, Dependencies dependencies) {
        this.trained = restored.task();
        this.learner = restored.learner();
        this.store = dependencies.store();
        this.announcing = dependencies.announcing();
        this.metrics = dependencies.metrics();
        this.time = dependencies.time();
        this.announced = new HashSet<>(restored.line().announced());
        this.parent = restored.line().parent();
        ResumeOffsets start = restored.offsets();
        this.windowFirst = start.first();
        this.gap = start.gap();
        this.encoderSha256 = restored.encoderSha256();
        this.castOut = new Outbox(
                dependencies.kafka(), trained.task().name(), start.partition(), dependencies.rejectedRecords());
        batcher = new MiniBatcher(trained.training().batching().batchSize(), start.partition(), start.next());
        progress = new ReadProgress(start.read(), time.now());
        Bounds textsStart = restored.texts().orElse(NO_TEXTS);
        textsFirst = textsStart.beginning();
        texts = new TextBatcher(
                restored.texts()
                        .map(reading -> trained.training().batching().unlabelledTexts())
                        .orElse(0),
                textsStart.partition(),
                textsFirst);
        labels = new LabelVocabulary(trained.task(), learner.labels());
        truncated = new TruncatedTexts(trained);
        watch = new LossSpikeDetector(trained.training().rollback());
        accuracy = new PrequentialAccuracy(trained.training().drift());
        answers = new ConstantAnswerDetector(trained.training().drift().window());
        lastCheckpoint = time.now();
        metrics.stepsDone(learner.step());
        metrics.pending(0);
        metrics.textsPending(0);
    }

    /** First offset that is to be read, or read again after the task has left. */
    public long nextOffset() {
        return Math.max(batcher.nextOffset(), progress.firstRead());
    }

    /** Says how far the partition has been read, once its records have been handed in. */
    void readTo(long position) {
        progress.readTo(position, time.now());
        if (isQuiet()) {
            progress.coverTo(position);
        }
    }

    /** First offset before which no record of the task is left to train: what a restart need not read again. */
    CoveredOffset covered() {
        return new CoveredOffset(
                parent.orElse(null), batcher.partition(), Math.max(windowFirst, progress.coveredOffset()));
    }

    /** Whether nothing that was read waits for anything. */
    private boolean isQuiet() {
        return batcher.pending() == 0 && window.isEmpty() && castOut.waiting(false) == 0;
    }

    /** Takes the task's next record. Offsets that a checkpoint has covered already are passed over. */
    void accept(PolledRecord arrival) {
        if (arrival.offset() < Math.max(batcher.nextOffset(), progress.readOffset())) {
            return;
        }
        metrics.accepted();
        progress.read(arrival.offset(), time.now());
        Optional<LabelledExample> example = arrival.example(trained.task().kind());
        if (example.isEmpty()) {
            castOut(arrival, RejectionReason.INVALID_JSON, "not an accepted example of a task of this kind");
        } else if (labels.admits(example.get().label())) {
            batcher.add(arrival.offset(), example.get());
        } else if (trained.task().newLabels() == NewLabels.GROW) {
            castOut(
                    arrival,
                    RejectionReason.TOO_MANY_LABELS,
                    "the label is new, and the head has the " + trained.task().maxLabels()
                            + " labels of maxLabels already");
        } else {
            castOut(arrival, RejectionReason.UNKNOWN_LABEL, "the label is none of the task's");
        }
        metrics.pending(batcher.pending());
    }

    private void castOut(PolledRecord arrival, RejectionReason reason, String message) {
        castOut.untrainable(arrival, reason, message);
        metrics.examples(ExampleOutcome.MALFORMED, 1);
    }

    /** Takes the task's next record of {@code texts}. */
    void acceptText(PolledRecord arrival) {
        if (arrival.offset() < texts.readOffset()) {
            return;
        }
        metrics.textsRead();
        texts.read(arrival.offset());
        Optional<UnlabelledText> text = arrival.text();
        if (text.isPresent()) {
            texts.add(arrival.offset(), text.get());
        } else {
            castOut.malformedText(arrival);
            metrics.texts(ExampleOutcome.MALFORMED, 1);
        }
        metrics.textsPending(texts.pending());
    }

    /** The unlabelled texts that wait. */
    public TextBatcher texts() {
        return texts;
    }

    /** Trains one full mini-batch if there is one, and writes a checkpoint if one is due. Whether there was one. */
    boolean advance() {
        boolean worked = !exploded && batcher.isFull() && texts.isReady();
        if (worked) {
            train(batcher.take(texts.take()));
        }
        if (!exploded && !window.isEmpty() && isCheckpointDue()) {
            checkpoint();
        }
        if (castOut.isFull(false) || castOut.isFull(true)) {
            drain();
        }
        return worked;
    }

    /** Whether no more texts should be read for now. */
    boolean hasEnoughTexts() {
        return texts.isFilled() || castOut.isFull(true);
    }

    /** How many examples wait because texts that are there have not been read yet; 0 if none do. */
    int waitingForTexts() {
        return batcher.isFull() && !texts.isReady() ? batcher.pending() : 0;
    }

    /**
     * Reports how many records wait, given how many of its partition have not been read: fewer than none just after a takeover, when the
     * consumer still reckons with an older end.
     */
    void reportLag(long unread) {
        metrics.lag(Math.max(0, unread) + batcher.pending());
    }

    /**
     * Once nothing of the task has arrived for long enough: trains what waits, and writes a checkpoint. A trainer that is behind has seen
     * silence only if it has read on in the partition meanwhile. Texts that are still to be read are waited for.
     *
     * @param nothingUnread whether the partition has been read to its end
     */
    void idle(boolean nothingUnread) {
        Duration silence = progress.silence(nothingUnread, time.now());
        if (silence.compareTo(trained.training().batching().idleAfter()) >= 0 && texts.isReady()) {
            drain();
        }
    }

    /** Trains what waits, even if it is short, and writes a checkpoint that covers all that was read. */
    void drain() {
        while (batcher.pending() > 0 && !exploded) {
            train(batcher.take(texts.take()));
        }
        // Texts that wait keep back the malformed ones behind them.
        boolean rejectsTexts = texts.pending() == 0 && castOut.waiting(true) > 0;
        if (!exploded && (!window.isEmpty() || castOut.waiting(false) > 0 || rejectsTexts)) {
            batcher.passOver(progress.readOffset());
            texts.passOver(texts.readOffset());
            checkpoint();
        }
    }

    private void train(MiniBatch batch) {
        Duration start = time.now();
        StepResult result = learner.learn(batch.examples(), batch.texts().texts());
        metrics.step(time.now().minus(start), learner.step(), result);
        metrics.truncated(result.batch().truncated());
        truncated.add(
                batch.examples().size() + batch.texts().texts().size(),
                result.batch().truncated());
        ExampleOutcome outcome = result.applied() ? ExampleOutcome.TRAINED : ExampleOutcome.QUARANTINED;
        metrics.examples(outcome, batch.examples().size());
        metrics.texts(outcome, batch.texts().texts().size());
        if (outcome == ExampleOutcome.QUARANTINED) {
            quarantine(batch, result);
        }
        accuracy.add(result.batch().right()).ifPresent(this::report);
        metrics.prequentialAccuracy(accuracy.value());
        watchAnswers(result.batch());
        metrics.pending(batcher.pending());
        metrics.textsPending(texts.pending());
        window.add(batch, result);
        progress.busy(time.now());
        exploded = result.applied()
                && watch.add(
                        result.terms().get(ObjectiveTerm.TASK_LOSS),
                        learner.labels().size());
    }

    /** Whether the loss has exploded. Then nothing is trained any more: see {@link Rollback}. */
    public boolean hasExploded() {
        return exploded;
    }

    /** What was trained since the newest checkpoint, with the records that wait to be rejected in that range. */
    UncheckpointedTraining sinceCheckpoint() {
        return new UncheckpointedTraining(
                parent,
                new UncheckpointedTraining.Stretch(offsets(), textOffsets(), gap, window.miniBatches()),
                castOut.takeBefore(batcher.nextOffset(), texts.nextOffset()));
    }

    private void quarantine(MiniBatch batch, StepResult result) {
        LOG.warn(
                "task {}: loss {} or gradient norm {} is not finite after step {}: the {} examples at offsets {} are quarantined",
                trained.task().name(),
                result.totalLoss(),
                result.gradNorm(),
                learner.step(),
                batch.examples().size(),
                batch.offsets());
        castOut.quarantined(batch);
    }

    private void watchAnswers(StepResult.BatchSummary batch) {
        if (batch.answers().length == 0) {
            return;
        }
        if (answers.add(batch)) {
            LOG.warn(
                    "task {}: the model has answered each of the newest {} examples with \"{}\": it has not learned to tell labels apart."
                            + " If that stays so, set tasks.{}.training.optimizer.learningRate, now {}, or schedule.warmupSteps, now {}.",
                    trained.task().name(),
                    answers.window(),
                    LogSafe.line(learner.labels().get(batch.answers()[0]), MAX_LABEL_CHARS),
                    trained.task().name(),
                    trained.training().optimizer().learningRate(),
                    trained.training().optimizer().schedule().warmupSteps());
        }
        metrics.classesAnswered(answers.classes());
    }

    private void report(DriftPhase phase) {
        metrics.drift(phase);
        castOut.drift(batcher.nextOffset(), accuracy.event(trained.task().name(), phase, learner.step()));
    }

    private boolean isCheckpointDue() {
        return window.size() >= trained.training().checkpoints().everySteps()
                || time.now()
                                .minus(lastCheckpoint)
                                .compareTo(trained.training().checkpoints().every())
                        >= 0;
    }

    private void checkpoint() {
        if (!castOut.hasDrift()) {
            accuracy.checkpoint().ifPresent(this::report);
        }
        OffsetRange offsets = offsets();
        OffsetRange textOffsets = textOffsets();
        CheckpointManifest.Lineage lineage = new CheckpointManifest.Lineage(
                parent.orElse(null),
                trained.training().sha256(trained.task()),
                offsets,
                window.miniBatches(),
                textOffsets,
                gap,
                encoderSha256);
        CheckpointReference reference = store.write(learner.step(), lineage, announced, learner::save);
        announcing.announce(
                new CheckpointAnnouncement(
                        reference, parent.orElse(null), offsets, window.examples(), window.means(), textOffsets, gap),
                castOut.takeBefore(offsets.next(), texts.nextOffset()));
        LOG.info("task {}: {} covers offsets {}", trained.task().name(), reference.id(), offsets);
        metrics.checkpoint();
        announced.add(reference.id());
        parent = Optional.of(reference.id());
        windowFirst = offsets.next();
        gap = null;
        textsFirst = texts.nextOffset();
        window = new TrainingWindow();
        lastCheckpoint = time.now();
        progress.coverTo(isQuiet() ? progress.position() : windowFirst);
    }

    private OffsetRange offsets() {
        return new OffsetRange(batcher.partition(), windowFirst, batcher.nextOffset());
    }

    private OffsetRange textOffsets() {
        return texts.isReading() ? new OffsetRange(texts.partition(), textsFirst, texts.nextOffset()) : null;
    }

    /** Before it is closed: writes a checkpoint of the full mini-batches done so far. What waits is read again by whoever comes next. */
    void leave() {
        if (!window.isEmpty() && !exploded) {
            checkpoint();
        }
    }

    @Override
    public void close() {
        metrics.examples(ExampleOutcome.RELEASED, batcher.pending());
        metrics.texts(ExampleOutcome.RELEASED, texts.pending());
        metrics.close();
        learner.close();
    }
}
