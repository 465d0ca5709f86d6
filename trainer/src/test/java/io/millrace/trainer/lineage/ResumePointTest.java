package io.millrace.trainer.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.NewLabels;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.trainer.RunningTask;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.checkpoint.CoveredOffset;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.learner.Learner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ResumePointTest {

    private static final TrainedTask TASK = Sentiments.task(
            Method.MASK_TUNING_SMART, Sentiments.golden("bert"), 1, new CheckpointConfig(2, null, null, null));

    @TempDir
    private Path root;

    private final Announcements announcements = new Announcements();

    @Test
    void shouldStartFromTheEncoderWhereThePartitionBegins() {
        // When
        ResumePoint restored = restore(TASK, 17);

        // Then
        try (Learner learner = restored.learner()) {
            assertThat(restored.offsets().next()).isEqualTo(17);
            assertThat(restored.checkpoints().newest()).isEmpty();
            assertThat(learner.step()).isZero();
        }
    }

    @Test
    void shouldResumeWhereTheNewestCheckpointEnded() {
        // Given
        train(0, 16);

        // When
        ResumePoint restored = restore(TASK, 0);

        // Then
        try (Learner learner = restored.learner()) {
            assertThat(restored.offsets().next()).isEqualTo(16);
            assertThat(restored.checkpoints().newest()).contains("checkpoint-000004");
            assertThat(restored.checkpoints().ids())
                    .containsExactlyInAnyOrder("checkpoint-000002", "checkpoint-000004");
            assertThat(learner.step()).isEqualTo(4);
        }
    }

    @Test
    void shouldTrainEachExampleOnceWhateverWasKilled() {
        // Given
        train(0, 24);
        Map<String, FileHash> neverKilled = files("checkpoint-000006");
        Path other = root.resolve("other");
        Announcements surviving = new Announcements();

        // When
        try (RunningTask task = new RunningTask(TASK, other, surviving, 0)) {
            task.feed(0, 14);
        }
        try (RunningTask task = new RunningTask(TASK, other, surviving, 0)) {
            task.feed(task.run().nextOffset(), 24);

            // Then
            assertThat(surviving.all())
                    .extracting(announcement -> announcement.offsets().next())
                    .containsExactly(8L, 16L, 24L);
            assertThat(task.lastManifest().files()).isEqualTo(neverKilled);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"model.safetensors", "optimizer.safetensors", "config.json", "tokenizer.json", "manifest.json"})
    void shouldFallBackWhenAFileOfTheNewestCheckpointIsDamaged(String name) throws IOException {
        train(0, 16);
        for (Damage damage : Damage.values()) {
            // Given
            Path file = root.resolve("sentiment/checkpoint-000004").resolve(name);
            byte[] whole = Files.readAllBytes(file);
            damage.to(file, whole);

            // When
            ResumePoint restored = restore(TASK, 0);

            // Then
            try (Learner learner = restored.learner()) {
                assertThat(restored.offsets().next()).as(damage.name()).isEqualTo(8);
                assertThat(restored.checkpoints().newest()).contains("checkpoint-000002");
                assertThat(restored.checkpoints().ids()).contains("checkpoint-000004");
                assertThat(learner.step()).isEqualTo(2);
            }
            Files.write(file, whole);
        }
    }

    private enum Damage {
        MISSING {
            @Override
            void to(Path file, byte[] whole) throws IOException {
                Files.delete(file);
            }
        },
        TRUNCATED {
            @Override
            void to(Path file, byte[] whole) throws IOException {
                Files.write(file, Arrays.copyOf(whole, whole.length - 1));
            }
        },
        FLIPPED {
            @Override
            void to(Path file, byte[] whole) throws IOException {
                byte[] flipped = whole.clone();
                flipped[flipped.length / 2] ^= 1;
                Files.write(file, flipped);
            }
        };

        abstract void to(Path file, byte[] whole) throws IOException;
    }

    @Test
    void shouldFallBackWhenAManifestIsNotTheAnnouncedOne() throws IOException {
        // Given
        train(0, 16);
        Files.writeString(root.resolve("sentiment/checkpoint-000004/manifest.json"), " ", StandardOpenOption.APPEND);

        // When
        ResumePoint restored = restore(TASK, 0);

        // Then
        try (Learner learner = restored.learner()) {
            assertThat(learner.step()).isEqualTo(2);
        }
    }

    @Test
    void shouldRefuseToStartOverWhenNoAnnouncedCheckpointIsWhole() throws IOException {
        // Given
        train(0, 16);
        for (String id : List.of("checkpoint-000002", "checkpoint-000004")) {
            Files.delete(root.resolve("sentiment").resolve(id).resolve("tokenizer.json"));
        }

        // When / Then
        assertThatThrownBy(() -> restore(TASK, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("none of the 2 announced checkpoints is whole in the store");
    }

    @Test
    void shouldRefuseLabelsInAnotherOrder() {
        // Given
        train(0, 8);
        Task reordered = new Task("sentiment", TaskKind.SINGLE, List.of("positive", "negative"), 1_000);

        // When / Then
        assertThatThrownBy(() -> restore(new TrainedTask(reordered, TASK.training()), 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(
                        "tasks.sentiment.labels must be those of " + root.resolve("sentiment/checkpoint-000002"))
                .hasMessageContaining("or another order. Restore the labels, or start a task of another name.");
    }

    @Test
    void shouldRefuseAnotherEncoder() throws IOException {
        // Given
        Path encoder = copy(Sentiments.golden("bert"));
        TrainedTask task = on(encoder);
        train(task, 0, 8);
        byte[] weights = Files.readAllBytes(encoder.resolve("model.safetensors"));
        weights[weights.length - 1] ^= 1;
        Files.write(encoder.resolve("model.safetensors"), weights);

        // When / Then
        assertThatThrownBy(() -> restore(task, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tasks.sentiment.training.encoder must hold the weights that ")
                .hasMessageEndingWith("Restore the encoder, or start a task of another name.");
    }

    @Test
    void shouldRefuseAnotherTokenizer() throws IOException {
        // Given
        Path encoder = copy(Sentiments.golden("bert"));
        TrainedTask task = on(encoder);
        train(task, 0, 8);
        Files.writeString(encoder.resolve("tokenizer.json"), " ", StandardOpenOption.APPEND);

        // When / Then
        assertThatThrownBy(() -> restore(task, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tasks.sentiment.training.encoder must have the tokenizer that ");
    }

    @Test
    void shouldRefuseToStartOverWhenTheStoreHoldsUnannouncedCheckpoints() {
        // Given
        train(0, 16);
        announcements.all().clear();

        // When / Then
        assertThatThrownBy(() -> restore(TASK, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("task sentiment: " + root.resolve("sentiment")
                        + " holds checkpoints, but none is announced on the topic checkpoints: it was deleted, or its"
                        + " retention has removed them. Restore the topic, or use another store or a task of another name"
                        + " to start over.");
    }

    @Test
    void shouldStartOverAfterACrashBetweenTheFirstCheckpointAndItsAnnouncement() {
        // Given
        train(0, 8);
        announcements.all().clear();

        // When
        ResumePoint restored = restore(TASK, 0);

        // Then
        try (Learner learner = restored.learner()) {
            assertThat(learner.step()).isZero();
        }
    }

    @Test
    void shouldNeverGiveTheIdOfAnAbandonedCheckpointAgain() throws IOException {
        // Given
        train(0, 16);
        Files.delete(root.resolve("sentiment/checkpoint-000004/tokenizer.json"));

        // When
        ResumePoint restored = restore(TASK, 0);

        // Then
        try (Learner learner = restored.learner()) {
            assertThat(learner.step()).isEqualTo(2);
            assertThat(restored.checkpoints().newest()).contains("checkpoint-000002");
            assertThat(restored.checkpoints().ids()).contains("checkpoint-000004");
        }
    }

    @Test
    void shouldRecordTheGapWhenConfiguredToContinue() {
        // Given
        TrainedTask task = Sentiments.task(
                Method.PLAIN,
                Sentiments.golden("bert"),
                1,
                new CheckpointConfig(2, null, null, CheckpointConfig.LostOffsets.CONTINUE));
        train(task, 0, 16);

        // When
        try (RunningTask running = new RunningTask(task, root, announcements, 20)) {
            running.feed(20, 28);

            // Then
            OffsetRange gap = new OffsetRange(RunningTask.PARTITION, 16, 20);
            assertThat(announcements.last().offsets()).isEqualTo(new OffsetRange(RunningTask.PARTITION, 16, 28));
            assertThat(announcements.last().gap()).isEqualTo(gap);
            assertThat(running.lastManifest().lineage().gap()).isEqualTo(gap);
            assertThat(running.lastManifest().lineage().miniBatches().get(0).first())
                    .isEqualTo(20);
        }
    }

    @Test
    void shouldTileAlthoughRetentionHasRemovedOffsetsWithoutExamples() {
        // Given a quiet task, read to offset 20, and a topic that begins there
        train(0, 16);
        CoveredOffset covered = new CoveredOffset("checkpoint-000004", RunningTask.PARTITION, 20);

        // When
        try (RunningTask task = new RunningTask(
                TASK, root, announcements, RunningTask.topics(TASK, announcements, 20, Optional.of(covered)))) {
            task.feed(20, 28);

            // Then
            assertThat(announcements.last().offsets()).isEqualTo(new OffsetRange(RunningTask.PARTITION, 16, 28));
            assertThat(announcements.last().gap()).isNull();
            assertThat(task.lastManifest().lineage().miniBatches().get(0).first())
                    .isEqualTo(16);
        }
    }

    @Test
    void shouldResumeAHeadThatHasGrown() {
        // Given
        TrainedTask growing = growing(List.of("negative", "positive"));
        trainANewLabel(growing);

        // When
        ResumePoint restored = restore(growing, 0);

        // Then
        try (Learner learner = restored.learner()) {
            assertThat(learner.labels()).containsExactly("negative", "positive", "mixed");
        }
    }

    @Test
    void shouldRefuseAGrowingTaskThatBeganWithOtherLabels() {
        // Given
        trainANewLabel(growing(List.of("negative", "positive")));

        // When / Then
        for (List<String> other :
                List.of(List.of("positive"), List.of("negative", "positive", "neutral"), List.of("a", "b", "c", "d"))) {
            assertThatThrownBy(() -> restore(growing(other), 0))
                    .as("%s", other)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("which has 3 labels, got " + other.size() + " or another order");
        }
    }

    @Test
    void shouldRefuseAGrownHeadOnceNewLabelsAreRejected() {
        // Given
        trainANewLabel(growing(List.of("negative", "positive")));

        // When / Then
        assertThatThrownBy(() -> restore(TASK, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("which has 3 labels, got 2");
    }

    private static TrainedTask growing(List<String> labels) {
        return new TrainedTask(
                new Task("sentiment", TaskKind.SINGLE, labels, NewLabels.GROW, 10, 0.5, 1_000), TASK.training());
    }

    private void trainANewLabel(TrainedTask growing) {
        try (RunningTask task = new RunningTask(growing, root, announcements, 0)) {
            task.feed(0, 7);
            task.accept(7, Sentiments.labelled(7, "mixed"));
            task.advance();
        }
    }

    private void train(long first, long next) {
        train(TASK, first, next);
    }

    private void train(TrainedTask trained, long first, long next) {
        try (RunningTask task = new RunningTask(trained, root, announcements, 0)) {
            task.feed(first, next);
        }
    }

    private static TrainedTask on(Path encoder) {
        return Sentiments.task(Method.PLAIN, encoder, 1, new CheckpointConfig(2, null, null, null));
    }

    private Path copy(Path encoder) throws IOException {
        Path copy = Files.createDirectory(root.resolve("encoder"));
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            Files.copy(encoder.resolve(file), copy.resolve(file));
        }
        return copy;
    }

    private ResumePoint restore(TrainedTask task, long beginning) {
        return ResumePoint.of(
                task,
                new CheckpointStore(root, "sentiment"),
                RunningTask.topics(task, announcements, beginning, Optional.empty()));
    }

    private Map<String, FileHash> files(String id) {
        return CheckpointManifest.readVerified(root.resolve("sentiment").resolve(id))
                .files();
    }
}
