package io.millrace.trainer;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointManifest;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.UnlabelledText;
import io.millrace.trainer.TrainerMetrics.ExampleOutcome;
import io.millrace.trainer.checkpoint.CheckpointStore;
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
final class TaskRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TaskRun.class);

    /** Most records that wait to be rejected: a stream of nothing else must not fill the memory. */
    private static final int MOST_CAST_OUT = 1000;

    private final TrainedTask trained;
    private Learner learner;
    private final MiniBatcher batcher;
    private final TextBatcher texts;
    private final KnownLabels labels;
    private final CheckpointStore store;
    private final Announcing announcing;
    private final Rollback rollback;
    private final TrainerMetrics metrics;
    private final ElapsedTime time;
    private final PrequentialAccuracy accuracy;
    private final LossWatch watch;
    private final TruncatedTexts truncated;
    private final Set<String> announced;
    private Optional<String> parent;
    private long windowFirst;
    private final String encoderSha256;
    private OffsetRange gap;
    private long readOffset;
    private long textsFirst;
    private TrainingWindow window = new TrainingWindow();
    private final CastOut castOut;
    private Duration silentSince;
    private Duration lastCheckpoint;

    /** Makes a checkpoint known, in one transaction with what its range cast out. */
    @FunctionalInterface
    interface Announcing {
        void announce(CheckpointAnnouncement announcement, List<ProducerRecord<String, byte[]>> castOut);
    }

    /**
     * What a run works with.
     *
     * @param store where its checkpoints go
     * @param announcing makes them known
     * @param rollback where it goes back to if its loss explodes
     * @param metrics its meters
     * @param time by which silence is measured
     */
    record Surroundings(
            CheckpointStore store,
            Announcing announcing,
            Rollback rollback,
            TrainerMetrics metrics,
            ElapsedTime time) {}

    /**
     * The run of a restored task.
     *
     * @param textsBeginning first offset that the task's partition of {@code texts} still holds
     */
    TaskRun(Restored restored, long textsBeginning, Surroundings surroundings) {
        this.trained = restored.task();
        this.learner = restored.learner();
        this.store = surroundings.store();
        this.announcing = surroundings.announcing();
        this.rollback = surroundings.rollback();
        this.metrics = surroundings.metrics();
        this.time = surroundings.time();
        this.announced = new HashSet<>(restored.announced());
        this.parent = restored.parent();
        this.windowFirst = restored.firstOffset();
        this.gap = gapOf(restored);
        this.encoderSha256 = restored.encoderSha256();
        this.castOut = new CastOut(trained.task().name(), restored.partition());
        batcher =
                new MiniBatcher(trained.training().batching().batchSize(), restored.partition(), restored.nextOffset());
        textsFirst = restored.textsNextOffset().orElse(textsBeginning);
        texts = new TextBatcher(trained.training().batching().unlabelledTexts(), restored.partition(), textsFirst);
        labels = new KnownLabels(trained.task(), learner.labels());
        truncated = new TruncatedTexts(trained);
        watch = new LossWatch(trained.training().rollback());
        accuracy = new PrequentialAccuracy(trained.training().drift());
        silentSince = time.now();
        lastCheckpoint = time.now();
        metrics.textsPending(0);
    }

    private static OffsetRange gapOf(Restored restored) {
        return restored.firstOffset() == restored.nextOffset()
                ? null
                : new OffsetRange(restored.partition(), restored.firstOffset(), restored.nextOffset());
    }

    /** First offset that no mini-batch has covered yet. */
    long nextOffset() {
        return batcher.nextOffset();
    }

    /** First offset that no checkpoint has covered yet. */
    long checkpointedOffset() {
        return windowFirst;
    }

    /** Takes the task's next record. Offsets that a checkpoint has covered already are passed over. */
    void accept(Arrival arrival) {
        if (arrival.offset() < batcher.nextOffset()) {
            return;
        }
        metrics.accepted();
        silentSince = time.now();
        readOffset = arrival.offset() + 1;
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

    private void castOut(Arrival arrival, RejectionReason reason, String message) {
        castOut.untrainable(arrival, reason, message);
        metrics.examples(ExampleOutcome.MALFORMED, 1);
    }

    /** Takes the task's next record of {@code texts}. */
    void acceptText(Arrival arrival) {
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
    TextBatcher texts() {
        return texts;
    }

    /** Trains one full mini-batch if there is one, and writes a checkpoint if one is due. Whether there was one. */
    boolean advance() {
        boolean worked = batcher.isFull() && texts.isReady();
        if (worked) {
            train(batcher.take(texts.take()));
        }
        if (!window.isEmpty() && isCheckpointDue()) {
            checkpoint();
        }
        if (castOut.waiting(false) >= MOST_CAST_OUT || castOut.waiting(true) >= MOST_CAST_OUT) {
            drain();
        }
        return worked;
    }

    /** Whether no more texts should be read for now. */
    boolean hasEnoughTexts() {
        return texts.isFilled() || castOut.waiting(true) >= MOST_CAST_OUT;
    }

    /** Reports how many records wait, given how many of its partition have not been read. */
    void reportLag(long unread) {
        metrics.lag(unread + batcher.pending());
    }

    /**
     * Once nothing has arrived or been trained for long enough: trains what waits, and writes a checkpoint. Call it only when no record
     * of the task is left to read: a trainer that is behind has not seen silence. Texts that are still to be read are waited for.
     */
    void idle() {
        boolean isSilent = time.now()
                        .minus(silentSince)
                        .compareTo(trained.training().batching().idleAfter())
                >= 0;
        if (isSilent && texts.isReady()) {
            drain();
        }
    }

    /** Trains what waits, even if it is short, and writes a checkpoint that covers all that was read. */
    void drain() {
        while (batcher.pending() > 0) {
            train(batcher.take(texts.take()));
        }
        // Texts that wait keep back the malformed ones behind them.
        boolean rejectsTexts = texts.pending() == 0 && castOut.waiting(true) > 0;
        if (!window.isEmpty() || castOut.waiting(false) > 0 || rejectsTexts) {
            batcher.passOver(readOffset);
            texts.passOver(texts.readOffset());
            checkpoint();
        }
    }

    private void train(MiniBatch batch) {
        Duration start = time.now();
        Learned learned = learner.learn(batch.examples(), batch.texts().texts());
        metrics.step(time.now().minus(start), learned.tokens(), learner.step(), learned.outcome());
        metrics.truncated(learned.truncated());
        truncated.add(batch.examples().size() + batch.texts().texts().size(), learned.truncated());
        ExampleOutcome outcome = learned.outcome().applied() ? ExampleOutcome.TRAINED : ExampleOutcome.QUARANTINED;
        metrics.examples(outcome, batch.examples().size());
        metrics.texts(outcome, batch.texts().texts().size());
        if (outcome == ExampleOutcome.QUARANTINED) {
            quarantine(batch, learned.outcome());
        }
        accuracy.add(learned.right()).ifPresent(this::report);
        metrics.prequentialAccuracy(accuracy.value());
        metrics.pending(batcher.pending());
        metrics.textsPending(texts.pending());
        window.add(batch, learned);
        silentSince = time.now();
        if (learned.outcome().applied()
                && watch.add(
                        learned.outcome().terms().get(ObjectiveTerm.TASK_LOSS),
                        learner.labels().size())) {
            rollBack();
        }
    }

    /** Undoes what was trained since the checkpoint to go back to, and makes that durable at once. */
    private void rollBack() {
        Restored restored = rollback.restore();
        OffsetRange undone = new OffsetRange(batcher.partition(), restored.firstOffset(), batcher.nextOffset());
        LOG.warn(
                "task {}: the loss has exploded after step {}. Going back to {}: what was trained at offsets {} is undone",
                trained.task().name(),
                learner.step(),
                restored.parent().orElse("the encoder"),
                undone);
        learner.close();
        learner = restored.learner();
        parent = restored.parent();
        windowFirst = undone.first();
        window = new TrainingWindow();
        for (MiniBatch batch : rollback.undone(undone)) {
            castOut.undone(batch);
            window.undone(batch);
            metrics.undone(batch.examples().size());
        }
        watch.reset();
        checkpoint();
    }

    private void quarantine(MiniBatch batch, StepOutcome outcome) {
        LOG.warn(
                "task {}: loss {} or gradient norm {} is not finite after step {}: the {} examples at offsets {} are quarantined",
                trained.task().name(),
                outcome.totalLoss(),
                outcome.gradNorm(),
                learner.step(),
                batch.examples().size(),
                batch.offsets());
        castOut.quarantined(batch);
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
        if (accuracy.isDrifting() && !castOut.hasDrift()) {
            report(DriftPhase.ONGOING);
        }
        OffsetRange offsets = new OffsetRange(batcher.partition(), windowFirst, batcher.nextOffset());
        OffsetRange textOffsets =
                texts.isReading() ? new OffsetRange(texts.partition(), textsFirst, texts.nextOffset()) : null;
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
        store.keepNewest(trained.training().checkpoints().keep());
    }

    /** Before it is closed: writes a checkpoint of the full mini-batches done so far. What waits is read again by whoever comes next. */
    void leave() {
        if (!window.isEmpty()) {
            checkpoint();
        }
    }

    @Override
    public void close() {
        metrics.examples(ExampleOutcome.RELEASED, batcher.pending());
        metrics.texts(ExampleOutcome.RELEASED, texts.pending());
        metrics.textsPending(0);
        metrics.pending(0);
        learner.close();
    }
}
