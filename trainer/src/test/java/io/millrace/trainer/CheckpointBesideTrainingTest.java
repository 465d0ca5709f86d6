package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.Adjustments;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.trainer.checkpoint.CoveredOffset;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.PolicyConfig;
import io.millrace.trainer.config.ReplayConfig;
import io.millrace.trainer.config.ReplayConfig.Sample;
import io.millrace.trainer.config.Response;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfigs;
import io.millrace.trainer.lineage.Announcements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** A task with a checkpoint every two steps, eight examples, whose announcements take as long as the test wants. */
class CheckpointBesideTrainingTest {

    @TempDir
    private Path root;

    private final Announcements announcements = new Announcements();
    private final PublishedVerdicts verdicts = new PublishedVerdicts();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CountDownLatch gate = new CountDownLatch(1);

    @Test
    void shouldTrainOnWhileACheckpointIsAnnounced() {
        // Given
        announcements.before(announcement -> pass(gate));
        try (RunningTask task = open(replaying())) {
            accept(task, 0, 16);

            // When
            train(task, 3);
            long trained = task.examples("trained");
            int announced = announcements.all().size();
            CoveredOffset covered = task.run().covered();
            gate.countDown();
            task.advance();

            // Then
            assertThat(trained).isEqualTo(12);
            assertThat(announced).isZero();
            assertThat(covered).isEqualTo(new CoveredOffset(null, RunningTask.PARTITION, 0));
            assertThat(announcements.all())
                    .extracting(CheckpointAnnouncement::offsets)
                    .containsExactly(offsets(0, 8), offsets(8, 16));
            assertThat(announcements.last().parent()).isEqualTo("checkpoint-000002");
            assertThat(task.run().covered().offset()).isEqualTo(16);
            assertThat(registry.get("millrace.trainer.checkpoints").counter().count())
                    .isEqualTo(2);
            assertThat(registry.get("millrace.trainer.checkpoint.stall").timer().count())
                    .isEqualTo(2);
            assertThat(registry.get("millrace.trainer.checkpoint.write").timer().count())
                    .isEqualTo(2);
            assertThat(task.accountedFor()).isEqualTo(task.accepted());
        }
    }

    @Test
    void shouldWriteWhatWasTrainedWhenItWasTaken(@TempDir Path other) {
        // Given
        Announcements prompt = new Announcements();
        CheckpointManifest expected;
        try (RunningTask task = new RunningTask(replaying(), other, prompt, 0)) {
            task.feed(0, 8);
            expected = task.lastManifest();
        }
        announcements.before(announcement -> pass(gate));
        try (RunningTask task = open(replaying())) {
            // When the learner is a step further before the files are known to be whole
            accept(task, 0, 12);
            train(task, 3);
            gate.countDown();
            task.run().settle();

            // Then
            CheckpointManifest manifest = task.lastManifest();
            assertThat(manifest.files()).isEqualTo(expected.files());
            assertThat(manifest.lineage()).isEqualTo(expected.lineage());
        }
    }

    @Test
    void shouldPublishLaterRecordsWithTheNextCheckpoint() {
        // Given
        announcements.before(announcement -> pass(gate));
        try (RunningTask task = open(replaying())) {
            accept(task, 0, 7);
            task.acceptMalformed(7);
            accept(task, 8, 9);

            // When one is malformed before the checkpoint is taken, and one while it is announced
            train(task, 2);
            task.acceptMalformed(9);
            accept(task, 10, 18);
            train(task, 1);
            gate.countDown();
            task.advance();

            // Then
            assertThat(announcements.all()).hasSize(2);
            assertThat(announcements.recordsSince(0)).hasSize(2);
            assertThat(announcements.lastRecords()).hasSize(1);
            assertThat(task.accountedFor()).isEqualTo(task.accepted());
        }
    }

    @Test
    void shouldAnnounceNothingAfterACheckpointThatWasNotAnnounced() {
        // Given
        announcements.before(announcement -> {
            throw new IllegalStateException("fenced");
        });
        try (RunningTask task = open(replaying())) {
            accept(task, 0, 16);
            train(task, 2);
            assertThatThrownBy(task.run()::settle).hasMessage("fenced");

            // When
            announcements.before(announcement -> {});

            // Then
            assertThatThrownBy(task.run()::advance).hasMessage("fenced");
            assertThatThrownBy(task.run()::leave).hasMessage("fenced");
            assertThat(announcements.all()).isEmpty();
        }
        try (RunningTask task = open(replaying())) {
            task.feed(0, 8);
            assertThat(announcements.all())
                    .extracting(CheckpointAnnouncement::offsets)
                    .containsExactly(offsets(0, 8));
        }
    }

    @Test
    void shouldAnnounceTheCheckpointUnderWayBeforeItLeaves() {
        // Given
        announcements.before(announcement -> pass(gate));
        RunningTask task = open(replaying());
        accept(task, 0, 8);
        train(task, 2);
        gate.countDown();

        // When
        task.close();

        // Then
        assertThat(announcements.last().offsets()).isEqualTo(offsets(0, 8));
        assertThat(task.accountedFor()).isEqualTo(task.accepted());
    }

    @Test
    void shouldCountAVerdictThatIsFasterThanItself() {
        // Given announcements that only end once a verdict on their checkpoint was read
        Semaphore read = new Semaphore(0);
        announcements.before(announcement -> {
            verdicts.publish(announcement.checkpoint().id(), Verdict.REJECTED);
            read.acquireUninterruptibly();
        });
        verdicts.onDelivery(read::release);
        try (RunningTask task = open(answering())) {
            // When two are rejected in a row
            for (int checkpoint = 1; checkpoint <= 2; checkpoint++) {
                accept(task, 8L * checkpoint - 8, 8L * checkpoint);
                train(task, 2);
                while (verdicts.count() < checkpoint) {
                    Thread.onSpinWait();
                }
                task.pass(Duration.ofSeconds(2));
            }
            accept(task, 16, 24);
            train(task, 2);
            read.release();
            task.run().settle();

            // Then the third, which is taken after both, answers them
            assertThat(announcements.all()).hasSize(3);
            assertThat(announcements.last().reactions()).hasSize(1);
            assertThat(task.lastManifest().lineage().policy().next()).isEqualTo(new Adjustments(0.5, 1, null));
        }
    }

    private static void accept(RunningTask task, long first, long next) {
        for (long offset = first; offset < next; offset++) {
            task.accept(offset, Sentiments.example(offset));
        }
    }

    private static void train(RunningTask task, int steps) {
        for (int step = 0; step < steps; step++) {
            assertThat(task.run().advance()).isTrue();
        }
    }

    private static void pass(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private RunningTask open(TrainedTask task) {
        return new RunningTask(
                task,
                root,
                announcements,
                RunningTask.topics(task, announcements, 0, Optional.empty()),
                registry,
                verdicts);
    }

    private static OffsetRange offsets(long first, long next) {
        return new OffsetRange(RunningTask.PARTITION, first, next);
    }

    private static TrainedTask replaying() {
        return Sentiments.replaying(
                Sentiments.task(Method.SMART, Sentiments.golden("bert"), 1, new CheckpointConfig(2, null, null, null)),
                new ReplayConfig(0.5, 6, Sample.PER_CLASS));
    }

    private static TrainedTask answering() {
        TrainedTask task =
                Sentiments.task(Method.PLAIN, Sentiments.golden("bert"), 1, new CheckpointConfig(2, null, null, null));
        return new TrainedTask(
                task.task(),
                TrainingConfigs.like(task.training())
                        .withPolicy(
                                new PolicyConfig(Response.LOWER_LEARNING_RATE, null, 2, null, null, null, null, null))
                        .build());
    }
}
