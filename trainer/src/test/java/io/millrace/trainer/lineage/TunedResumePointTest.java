package io.millrace.trainer.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.encoder.Tuning;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.FrozenWeights;
import io.millrace.trainer.RunningTask;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfigs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A task whose checkpoints hold only what was trained. */
class TunedResumePointTest {

    private static final TrainedTask FULL =
            Sentiments.task(Method.SMART, Sentiments.golden("bert"), 1, new CheckpointConfig(2, null, 2, null));
    private static final TrainedTask TASK = tuned(lora(8, 0.1));

    @TempDir
    private Path root;

    private final Announcements announcements = new Announcements();

    private static Tuning lora(int rank, double dropout) {
        return new Tuning(Tuning.Mode.LORA, rank, 16.0, dropout, List.of("query", "value"), null);
    }

    private static TrainedTask tuned(Tuning tuning) {
        return new TrainedTask(
                FULL.task(),
                TrainingConfigs.like(FULL.training()).withTuning(tuning).build());
    }

    @Test
    void shouldTrainEachExampleOnceWhateverWasKilledOnWeightsThatAreStoredOnce() throws IOException {
        // Given
        train(TASK, 0, 24);
        Map<String, FileHash> neverKilled = files(root, "checkpoint-000006");
        Path other = root.resolve("other");
        Announcements surviving = new Announcements();

        // When
        try (RunningTask task = new RunningTask(TASK, other, surviving, 0)) {
            task.feed(0, 14);
        }
        try (RunningTask task = new RunningTask(TASK, other, surviving, 0)) {
            task.feed(task.run().nextOffset(), 24);

            // Then
            assertThat(task.lastManifest().files()).isEqualTo(neverKilled).containsKey(FrozenWeights.FILE_NAME);
        }
        assertThat(names(other.resolve("sentiment")))
                .containsExactly(
                        "checkpoint-000004",
                        "checkpoint-000006",
                        FrozenWeights.read(other.resolve("sentiment/checkpoint-000006"))
                                .directoryName());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "damaged"})
    void shouldNotResumeWithoutTheFrozenWeights(String damage) throws IOException {
        // Given
        train(TASK, 0, 8);
        Path checkpoint = root.resolve("sentiment/checkpoint-000002");
        Path weights = FrozenWeights.read(checkpoint).beside(checkpoint).resolve(FrozenWeights.WEIGHTS);
        if (damage.isEmpty()) {
            Files.delete(weights);
        } else {
            Files.writeString(weights, damage, StandardOpenOption.APPEND);
        }

        // When / Then
        assertThatThrownBy(() -> restore(TASK))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("none of the 1 announced checkpoints is whole");
        assertThatThrownBy(() -> CheckpointManifest.readVerified(checkpoint))
                .hasMessageContaining(weights.toString())
                .hasMessageContaining(
                        damage.isEmpty()
                                ? "is missing: " + checkpoint + " holds only what was trained"
                                : "must hold the frozen weights that " + checkpoint + " was trained on");
    }

    @Test
    void shouldRefuseAnotherTuning() {
        // Given
        train(TASK, 0, 8);

        // When / Then
        for (TrainedTask other : List.of(FULL, tuned(lora(4, 0.1)), tuned(Tuning.ofLayers(1)))) {
            assertThatThrownBy(() -> restore(other))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("tasks.sentiment.training.tuning must be that of "
                            + root.resolve("sentiment/checkpoint-000002")
                            + ", which is lora with rank 8, alpha 16.0, targets [query, value], got "
                            + other.training().tuning().shown() + ". Restore it; or give");
        }
    }

    @Test
    void shouldRefuseToTuneAPartOfWhatWasTrainedInFull() {
        // Given
        train(FULL, 0, 8);

        // When / Then
        assertThatThrownBy(() -> restore(TASK))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("which is full, got lora with rank 8");
    }

    @Test
    void shouldResumeWithAnotherDropout() {
        // Given
        train(TASK, 0, 8);

        // When
        ResumePoint resumed = restore(tuned(lora(8, 0)));

        // Then
        try (var learner = resumed.learner()) {
            assertThat(learner.step()).isEqualTo(2);
        }
    }

    private void train(TrainedTask trained, int first, int next) {
        try (RunningTask task = new RunningTask(trained, root, announcements, 0)) {
            task.feed(first, next);
        }
    }

    private ResumePoint restore(TrainedTask task) {
        return ResumePoint.of(
                task,
                new CheckpointStore(root, "sentiment"),
                RunningTask.topics(task, announcements, 0, Optional.empty()));
    }

    private static Map<String, FileHash> files(Path store, String id) {
        return CheckpointManifest.readVerified(store.resolve("sentiment").resolve(id))
                .files();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> child.getFileName().toString())
                    .filter(name -> name.startsWith("checkpoint-") || name.startsWith("frozen-"))
                    .sorted()
                    .toList();
        }
    }
}
