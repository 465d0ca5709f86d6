package io.millrace.trainer.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.schemas.store.FreshExamples;
import io.millrace.trainer.RunningTask;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.RollbackConfig;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.config.TrainingConfigs;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class RollbackTest {

    /** Finite, but far above the loss of guessing. */
    private static final double EXPLODING = 1e3;

    @TempDir
    private Path root;

    private final Announcements announcements = new Announcements();

    @Test
    void shouldRollBackToThePromotedCheckpointAndRejectTheUndoneExamples() {
        try (RunningTask task = new RunningTask(watched(), root, announcements, 0)) {
            // Given checkpoints of steps 2, 4 and 6, the first of them promoted
            task.feed(0, 24);
            task.promoted("checkpoint-000002");

            // When a mini-batch explodes
            feedExploding(task, 24, 28);

            // Then
            assertThat(undone().get(0).parent()).isEqualTo("checkpoint-000002");
            assertThat(undone())
                    .extracting(piece -> piece.checkpoint().id())
                    .containsExactly("checkpoint-000002-2", "checkpoint-000002-3", "checkpoint-000002-4");
            assertThat(undone())
                    .extracting(CheckpointAnnouncement::offsets)
                    .containsExactly(offsets(8, 16), offsets(16, 24), offsets(24, 28));
            assertThat(undone()).extracting(CheckpointAnnouncement::examples).containsOnly(0L);
            assertThat(announcements.recordsSince(3))
                    .extracting(RollbackTest::reason)
                    .hasSize(20)
                    .containsOnly("loss-explosion");
            assertThat(task.lastManifest().lineage().miniBatches())
                    .extracting(MiniBatchRange::outcome)
                    .containsExactly(Outcome.UNDONE);
        }
    }

    @Test
    void shouldTileInBothTopics() {
        // Given
        try (RunningTask task = new RunningTask(watched(Sentiments.readingTexts(plain())), root, announcements, 0)) {
            task.feedTexts(0, 40);
            task.feed(0, 24);
            task.promoted("checkpoint-000002");

            // When
            feedExploding(task, 24, 28);

            // Then
            assertThat(undone())
                    .extracting(CheckpointAnnouncement::texts)
                    .containsExactly(offsets(8, 16), offsets(16, 24), offsets(24, 28));
            assertThat(task.run().texts().readOffset())
                    .as("texts that waited are read again")
                    .isEqualTo(28);
        }
    }

    @Test
    void shouldNotRejectTwice() {
        // Given a checkpoint with a quarantined mini-batch, an unknown label and a broken record
        try (RunningTask task = new RunningTask(watched(), root, announcements, 0)) {
            task.feed(0, 8);
            task.promoted("checkpoint-000002");
            task.feedTooMuch(8, 12);
            task.accept(12, Sentiments.labelled(12, "unheard of"));
            task.acceptMalformed(13);
            task.feed(14, 18);

            // When
            feedExploding(task, 18, 22);

            // Then
            assertThat(announcements.recordsSince(1))
                    .extracting(RollbackTest::reason)
                    .containsExactlyInAnyOrder(
                            "not-finite",
                            "not-finite",
                            "not-finite",
                            "not-finite",
                            "unknown-label",
                            "invalid-json",
                            "loss-explosion",
                            "loss-explosion",
                            "loss-explosion",
                            "loss-explosion",
                            "loss-explosion",
                            "loss-explosion",
                            "loss-explosion",
                            "loss-explosion");
        }
    }

    @Test
    void shouldForgetTheLabelsOfUndoneExamples() {
        // Given a head that may grow by one label
        TrainedTask watched = watched();
        TrainedTask growing = new TrainedTask(
                new Task("sentiment", TaskKind.SINGLE, List.of("negative", "positive"), NewLabels.GROW, 3, 0.5, 1_000),
                watched.training());
        try (RunningTask task = new RunningTask(growing, root, announcements, 0)) {
            task.feed(0, 8);
            task.promoted("checkpoint-000002");
            task.accept(8, Sentiments.labelled(8, "undone"));
            task.feed(9, 12);
            feedExploding(task, 12, 16);
            int before = announcements.all().size();

            // When
            task.accept(16, Sentiments.labelled(16, "wanted"));
            task.feed(17, 24);

            // Then
            assertThat(announcements.recordsSince(before)).isEmpty();
        }
    }

    @Test
    void shouldKeepTheTrueParentsAndNotTheExplodedBranch() {
        // Given
        try (RunningTask task = new RunningTask(watched(), root, announcements, 0)) {
            task.feed(0, 40);
            task.promoted("checkpoint-000006");
            feedExploding(task, 40, 44);

            // When
            task.feed(44, 60);

            // Then
            assertThat(task.run().hasExploded()).isFalse();
            assertThat(new CheckpointStore(root, "sentiment").all())
                    .extracting(directory -> directory.getFileName().toString())
                    .containsExactly(
                            "checkpoint-000006-2",
                            "checkpoint-000006-3",
                            "checkpoint-000006-4",
                            "checkpoint-000008-2",
                            "checkpoint-000010-2");
        }
    }

    @Test
    void shouldTrainExamplesThatWaitedAfterTheExplosion() {
        // Given
        try (RunningTask task = new RunningTask(watched(), root, announcements, 0)) {
            task.feed(0, 8);
            task.promoted("checkpoint-000002");

            // When
            acceptExploding(task, 8, 12);
            task.feed(12, 20);

            // Then
            assertThat(announcements.last().offsets()).isEqualTo(offsets(12, 20));
            assertThat(announcements.last().examples()).isEqualTo(8);
            assertThat(task.accepted()).isEqualTo(task.accountedFor());
        }
    }

    private List<CheckpointAnnouncement> undone() {
        return announcements.all().stream()
                .filter(announcement -> announcement.checkpoint().id().startsWith("checkpoint-000002-"))
                .toList();
    }

    private static OffsetRange offsets(long first, long next) {
        return new OffsetRange(RunningTask.PARTITION, first, next);
    }

    private static String reason(ProducerRecord<String, byte[]> record) {
        return new String(record.headers().lastHeader("millrace.reason").value(), StandardCharsets.UTF_8);
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
            assertThat(announcements.last().parent()).isEqualTo("checkpoint-000002-3");
            assertThat(announcements.last().offsets()).isEqualTo(new OffsetRange(RunningTask.PARTITION, 20, 28));
            assertThat(task.accepted()).isEqualTo(task.accountedFor());
        }
    }

    @Test
    void shouldRollBackToTheNewestCheckpointWhenNoneWasPromoted() {
        try (RunningTask task = new RunningTask(watched(), root, announcements, 0)) {
            // Given
            task.feed(0, 16);

            // When
            feedExploding(task, 16, 20);

            // Then
            assertThat(announcements.last().parent()).isEqualTo("checkpoint-000004");
        }
    }

    /** All but the fresh examples: those of the promoted checkpoint were compared already. */
    private Object files(String id) {
        Map<String, FileHash> files = new TreeMap<>(
                CheckpointManifest.readVerified(root.resolve("sentiment").resolve(id))
                        .files());
        files.remove(FreshExamples.FILE_NAME);
        return files;
    }

    private static void feedExploding(RunningTask task, long first, long next) {
        acceptExploding(task, first, next);
        task.advance();
    }

    private static void acceptExploding(RunningTask task, long first, long next) {
        for (long offset = first; offset < next; offset++) {
            LabelledExample one = Sentiments.example(offset);
            task.accept(offset, new LabelledExample(one.id(), one.text(), null, one.label(), null, EXPLODING, null));
        }
    }

    private static TrainedTask watched() {
        return watched(plain());
    }

    private static TrainedTask plain() {
        return Sentiments.task(Method.PLAIN, Sentiments.golden("bert"), 1, new CheckpointConfig(2, null, null, null));
    }

    private static TrainedTask watched(TrainedTask task) {
        TrainingConfig plain = task.training();
        return new TrainedTask(
                task.task(),
                TrainingConfigs.like(plain)
                        .withRollback(new RollbackConfig(3.0, 1))
                        .build());
    }
}
