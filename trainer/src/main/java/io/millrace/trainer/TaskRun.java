package io.millrace.trainer;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointManifest;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;
import io.millrace.trainer.TrainerMetrics.ExampleOutcome;
import io.millrace.trainer.checkpoint.CheckpointStore;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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

    private final TrainedTask trained;
    private final Learner learner;
    private final MiniBatcher batcher;
    private final CheckpointStore store;
    private final Announcing announcing;
    private final TrainerMetrics metrics;
    private final Clock clock;
    private final PrequentialAccuracy accuracy;
    private final Set<String> announced;
    private Optional<String> parent;
    private long windowFirst;
    private TrainingWindow window = new TrainingWindow();
    private final CastOut castOut;
    private Instant silentSince;
    private Instant lastCheckpoint;

    /** Makes a checkpoint known, in one transaction with what its range cast out. */
    @FunctionalInterface
    interface Announcing {
        void announce(CheckpointAnnouncement announcement, List<ProducerRecord<String, byte[]>> castOut);
    }

    TaskRun(Restored restored, CheckpointStore store, Announcing announcing, TrainerMetrics metrics, Clock clock) {
        this.trained = restored.task();
        this.learner = restored.learner();
        this.store = store;
        this.announcing = announcing;
        this.metrics = metrics;
        this.clock = clock;
        this.announced = new HashSet<>(restored.announced());
        this.parent = restored.parent();
        this.windowFirst = restored.nextOffset();
        this.castOut = new CastOut(trained.task().name(), restored.partition());
        batcher =
                new MiniBatcher(trained.training().batching().batchSize(), restored.partition(), restored.nextOffset());
        accuracy = new PrequentialAccuracy(trained.training().drift());
        silentSince = clock.instant();
        lastCheckpoint = clock.instant();
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
        silentSince = clock.instant();
        Optional<LabelledExample> example = arrival.example(trained.task());
        if (example.isPresent()) {
            batcher.add(arrival.offset(), example.get());
        } else {
            castOut.malformed(arrival);
            metrics.examples(ExampleOutcome.MALFORMED, 1);
        }
        metrics.pending(batcher.pending());
    }

    /** Trains one full mini-batch if there is one, and writes a checkpoint if one is due. Whether there was one. */
    boolean advance() {
        boolean worked = batcher.isFull();
        if (worked) {
            train(batcher.take());
        }
        if (!window.isEmpty() && isCheckpointDue()) {
            checkpoint();
        }
        return worked;
    }

    /** Reports how many records wait, given how many of its partition have not been read. */
    void reportLag(long unread) {
        metrics.lag(unread + batcher.pending());
    }

    /**
     * Once nothing has arrived or been trained for long enough: trains what waits, and writes a checkpoint. Call it only when no record
     * of the task is left to read: a trainer that is behind has not seen silence.
     */
    void idle() {
        if (Duration.between(silentSince, clock.instant())
                        .compareTo(trained.training().batching().idleAfter())
                >= 0) {
            drain();
        }
    }

    /** Trains what waits, even if it is short, and writes a checkpoint. */
    void drain() {
        while (batcher.pending() > 0) {
            train(batcher.take());
        }
        if (!window.isEmpty()) {
            checkpoint();
        }
    }

    private void train(MiniBatch batch) {
        Instant start = clock.instant();
        TokenizedBatch tokens = learner.tokenize(batch.examples().stream()
                .map(example -> TrainingExample.of(trained.task(), example))
                .toList());
        boolean[] right = testBeforeTraining(tokens);
        StepOutcome outcome = learner.update(tokens);
        metrics.step(Duration.between(start, clock.instant()), tokens.tokens(), learner.step(), outcome);
        if (outcome.applied()) {
            metrics.examples(ExampleOutcome.TRAINED, batch.examples().size());
        } else {
            LOG.warn(
                    "task {}: loss {} or gradient norm {} is not finite after step {}: the {} examples at offsets {} are quarantined",
                    trained.task().name(),
                    outcome.totalLoss(),
                    outcome.gradNorm(),
                    learner.step(),
                    batch.examples().size(),
                    batch.offsets());
            castOut.quarantined(batch);
            metrics.examples(ExampleOutcome.QUARANTINED, batch.examples().size());
        }
        accuracy.add(right).ifPresent(this::report);
        metrics.prequentialAccuracy(accuracy.value());
        metrics.pending(batcher.pending());
        window.add(batch, outcome, count(right));
        silentSince = clock.instant();
    }

    private boolean[] testBeforeTraining(TokenizedBatch tokens) {
        int[] predicted = learner.predict(tokens);
        boolean[] right = new boolean[predicted.length];
        for (int i = 0; i < right.length; i++) {
            right[i] = predicted[i] == tokens.examples().get(i).label();
        }
        return right;
    }

    private static int count(boolean[] flags) {
        int count = 0;
        for (boolean flag : flags) {
            count += flag ? 1 : 0;
        }
        return count;
    }

    private void report(DriftPhase phase) {
        metrics.drift(phase);
        castOut.drift(batcher.nextOffset(), accuracy.event(trained.task().name(), phase, learner.step()));
    }

    private boolean isCheckpointDue() {
        return window.size() >= trained.training().checkpoints().everySteps()
                || Duration.between(lastCheckpoint, clock.instant())
                                .compareTo(trained.training().checkpoints().every())
                        >= 0;
    }

    private void checkpoint() {
        if (accuracy.isDrifting() && !castOut.hasDrift()) {
            report(DriftPhase.ONGOING);
        }
        OffsetRange offsets = new OffsetRange(batcher.partition(), windowFirst, batcher.nextOffset());
        CheckpointManifest.Lineage lineage = new CheckpointManifest.Lineage(
                parent.orElse(null), trained.training().sha256(trained.task()), offsets, window.miniBatches());
        CheckpointReference reference = store.write(learner.step(), lineage, announced, learner::save);
        announcing.announce(
                new CheckpointAnnouncement(reference, parent.orElse(null), offsets, window.examples(), window.means()),
                castOut.takeBefore(offsets.next()));
        LOG.info("task {}: {} covers offsets {}", trained.task().name(), reference.id(), offsets);
        metrics.checkpoint();
        announced.add(reference.id());
        parent = Optional.of(reference.id());
        windowFirst = offsets.next();
        window = new TrainingWindow();
        lastCheckpoint = clock.instant();
        store.keepNewest(trained.training().checkpoints().keep());
    }

    /** Writes a checkpoint of the full mini-batches done so far; what waits is read again by whoever comes next. */
    void leave() {
        if (!window.isEmpty()) {
            checkpoint();
        }
        close();
    }

    @Override
    public void close() {
        metrics.examples(ExampleOutcome.RELEASED, batcher.pending());
        metrics.pending(0);
        learner.close();
    }
}
