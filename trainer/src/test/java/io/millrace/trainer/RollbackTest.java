package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointManifest;
import io.millrace.schemas.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.CheckpointManifest.Outcome;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.RollbackConfig;
import io.millrace.trainer.config.TrainingConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

class RollbackTest {

    /** Finite, but far above what guessing costs. */
    private static final double EXPLODING = 1e3;

    @TempDir
    private Path root;

    private final Announcements announcements = new Announcements();

    @Test
    void shouldGoBackToThePromotedCheckpointAndRejectWhatItUndoes() {
        try (RunningTask task = new RunningTask(watched(), root, announcements, 0)) {
            // Given checkpoints of steps 2, 4 and 6, the first of them promoted
            task.feed(0, 24);
            task.promoted("checkpoint-000002");

            // When a mini-batch explodes
            feedExploding(task, 24, 28);

            // Then
            CheckpointAnnouncement last = announcements.last();
            assertThat(last.parent()).isEqualTo("checkpoint-000002");
            assertThat(last.checkpoint().id()).isEqualTo("checkpoint-000002-2");
            assertThat(last.offsets()).isEqualTo(new OffsetRange(RunningTask.PARTITION, 8, 28));
            assertThat(last.examples()).isZero();
            assertThat(announcements.lastCastOut())
                    .extracting(record -> new String(
                            record.headers().lastHeader("millrace.reason").value(), StandardCharsets.UTF_8))
                    .hasSize(20)
                    .containsOnly("loss-explosion");
            assertThat(task.lastManifest().lineage().miniBatches())
                    .hasSize(5)
                    .extracting(MiniBatchRange::outcome)
                    .containsOnly(Outcome.UNDONE);
        }
    }

    @Test
    void shouldHaveTheFilesOfThePromotedCheckpointAfterwardsAndTrainOn() {
        try (RunningTask task = new RunningTask(watched(), root, announcements, 0)) {
            // Given
            task.feed(0, 16);
            task.promoted("checkpoint-000002");
            feedExploding(task, 16, 20);

            // Then
            assertThat(files("checkpoint-000002-2")).isEqualTo(files("checkpoint-000002"));

            // When
            task.feed(20, 28);

            // Then
            assertThat(announcements.last().parent()).isEqualTo("checkpoint-000002-2");
            assertThat(announcements.last().offsets()).isEqualTo(new OffsetRange(RunningTask.PARTITION, 20, 28));
            assertThat(task.accepted()).isEqualTo(task.accountedFor());
        }
    }

    @Test
    void shouldGoBackToTheNewestCheckpointWhenNoneWasPromoted() {
        try (RunningTask task = new RunningTask(watched(), root, announcements, 0)) {
            // Given
            task.feed(0, 16);

            // When
            feedExploding(task, 16, 20);

            // Then
            assertThat(announcements.last().parent()).isEqualTo("checkpoint-000004");
        }
    }

    private Object files(String id) {
        return CheckpointManifest.readVerified(root.resolve("sentiment").resolve(id))
                .files();
    }

    private static void feedExploding(RunningTask task, long first, long next) {
        for (long offset = first; offset < next; offset++) {
            LabelledExample one = Sentiments.example(offset);
            task.accept(offset, new LabelledExample(one.id(), one.text(), null, one.label(), null, EXPLODING, null));
        }
        task.advance();
    }

    private static TrainedTask watched() {
        TrainedTask task =
                Sentiments.task(Method.PLAIN, Sentiments.golden("bert"), 1, new CheckpointConfig(2, null, null, null));
        TrainingConfig plain = task.training();
        return new TrainedTask(
                task.task(),
                new TrainingConfig(
                        plain.encoder(),
                        plain.seed(),
                        plain.compute(),
                        plain.objective(),
                        plain.optimizer(),
                        plain.batching(),
                        plain.replay(),
                        plain.checkpoints(),
                        new RollbackConfig(3.0, 1),
                        plain.drift()));
    }
}
