package io.millrace.evaluator.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.evaluator.StoredCheckpoint;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.store.CorruptCheckpointException;
import io.millrace.schemas.store.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class ModelStoreTest {

    @TempDir
    private Path root;

    private ModelStore store;

    @BeforeEach
    void openStore() {
        store = new ModelStore(root);
    }

    @Test
    void shouldPublishTheModelFilesAndNothingElse() throws IOException {
        // Given
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "weights");

        // When
        PublishedModel model = publish(checkpoint);

        // Then
        assertThat(model)
                .isEqualTo(new PublishedModel(checkpoint, "intent/models/checkpoint-000100", Sha256.of("weights")));
        assertThat(names(root.resolve(model.location())))
                .containsExactly("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");
        assertThat(names(root.resolve("intent/models"))).containsExactly("checkpoint-000100");
    }

    @Test
    void shouldPublishWithoutATokenizerConfigIfThereIsNone() throws IOException {
        // Given
        CheckpointReference checkpoint = StoredCheckpoint.write(
                root, 100, Map.of("config.json", "{}", "model.safetensors", "weights", "tokenizer.json", "{}"));

        // When
        PublishedModel model = publish(checkpoint);

        // Then
        assertThat(names(root.resolve(model.location())))
                .containsExactly("config.json", "model.safetensors", "tokenizer.json");
    }

    @Test
    void shouldKeepAPublishedModelWhenItsCheckpointIsDeleted() throws IOException {
        // Given
        PublishedModel model = publish(StoredCheckpoint.write(root, 100, "weights"));

        // When
        ModelDirectories.delete(root.resolve("intent/checkpoint-000100"));

        // Then
        assertThat(store.locate(model).resolve("model.safetensors")).hasContent("weights");
    }

    @Test
    void shouldLeaveNothingBehindOfACandidateThatIsNotPublished() throws IOException {
        // Given
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "weights");

        // When
        try (CandidateModel candidate = store.stage(checkpoint)) {
            assertThat(names(candidate.directory())).contains("model.safetensors");
        }

        // Then
        assertThat(names(root.resolve("intent/models"))).isEmpty();
    }

    @Test
    void shouldScoreACandidateWhoseCheckpointIsDeletedMeanwhile() throws IOException {
        // Given
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "weights");

        // When
        try (CandidateModel candidate = store.stage(checkpoint)) {
            ModelDirectories.delete(root.resolve("intent/checkpoint-000100"));

            // Then
            assertThat(store.locate(candidate.publish()).resolve("model.safetensors"))
                    .hasContent("weights");
        }
    }

    @Test
    void shouldFindAModelPublishedThatWasPublishedBeforeACrash() throws IOException {
        // Given
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "weights");
        PublishedModel before = publish(checkpoint);

        // When
        PublishedModel again = publish(checkpoint);

        // Then
        assertThat(again).isEqualTo(before);
        assertThat(names(root.resolve("intent/models"))).containsExactly("checkpoint-000100");
    }

    @Test
    void shouldReplaceAModelOfTheSameNameWithOtherWeights() throws IOException {
        // Given
        publish(StoredCheckpoint.write(root, 100, "weights of an earlier life"));
        ModelDirectories.delete(root.resolve("intent/checkpoint-000100"));

        // When
        PublishedModel model = publish(StoredCheckpoint.write(root, 100, "weights"));

        // Then
        assertThat(store.locate(model).resolve("model.safetensors")).hasContent("weights");
        assertThat(names(root.resolve("intent/models"))).containsExactly("checkpoint-000100");
    }

    @Test
    void shouldTellACheckpointThatIsGoneFromOneThatIsTorn() throws IOException {
        // Given
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "weights");
        ModelDirectories.delete(root.resolve(checkpoint.location()));

        // When / Then
        assertThatExceptionOfType(GoneCheckpointException.class)
                .isThrownBy(() -> store.stage(checkpoint))
                .withMessage("intent/checkpoint-000100 is not in the store any more");
    }

    @Test
    void shouldRefuseACheckpointWithAChangedFile() throws IOException {
        // Given
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "weights");
        Files.writeString(root.resolve(checkpoint.location()).resolve("model.safetensors"), "WEIGHTS");

        // When / Then
        assertThatExceptionOfType(CorruptCheckpointException.class)
                .isThrownBy(() -> store.stage(checkpoint))
                .withMessageContaining("model.safetensors has SHA-256");
    }

    @Test
    void shouldRefuseAManifestThatIsNotTheAnnouncedOne() throws IOException {
        // Given
        CheckpointReference announced = StoredCheckpoint.write(root, 100, "weights");
        StoredCheckpoint.write(root, 100, "other weights");

        // When / Then
        assertThatExceptionOfType(CorruptCheckpointException.class)
                .isThrownBy(() -> store.stage(announced))
                .withMessageContaining("is not the announced one: expected SHA-256 " + announced.sha256());
    }

    @Test
    void shouldRefuseADirectoryThatHoldsAnotherCheckpoint() throws IOException {
        // Given
        CheckpointReference written = StoredCheckpoint.write(root, 100, "weights");
        CheckpointReference announced =
                new CheckpointReference("intent", "checkpoint-000200", 200, written.location(), written.sha256());

        // When / Then
        assertThatExceptionOfType(CorruptCheckpointException.class)
                .isThrownBy(() -> store.stage(announced))
                .withMessageContaining("expected intent checkpoint-000200, got intent checkpoint-000100");
    }

    @Test
    void shouldRefuseALocationThatLeavesTheStore() {
        // Given
        CheckpointReference checkpoint = new CheckpointReference("intent", "checkpoint-1", 1, "../elsewhere", "00");

        // When / Then
        assertThatExceptionOfType(CorruptCheckpointException.class)
                .isThrownBy(() -> store.stage(checkpoint))
                .withMessageContaining("a location must be a relative path inside the store");
    }

    @Test
    void shouldRefuseAManifestThatListsAFileOutsideOfTheCheckpoint() throws IOException {
        // Given
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, Map.of("../escaped", "weights"));

        // When / Then
        assertThatExceptionOfType(CorruptCheckpointException.class)
                .isThrownBy(() -> store.stage(checkpoint))
                .withMessageContaining("lists a file outside of it");
    }

    @Test
    void shouldRefuseACheckpointWithoutAModel() throws IOException {
        // Given
        CheckpointReference checkpoint =
                StoredCheckpoint.write(root, 100, Map.of("config.json", "{}", "model.safetensors", "weights"));

        // When / Then
        assertThatExceptionOfType(CorruptCheckpointException.class)
                .isThrownBy(() -> store.stage(checkpoint))
                .withMessageContaining("its manifest lists no tokenizer.json");
    }

    @Test
    void shouldRefuseAPublishedModelWithOtherWeights() throws IOException {
        // Given
        PublishedModel model = publish(StoredCheckpoint.write(root, 100, "weights"));
        Files.writeString(root.resolve(model.location()).resolve("model.safetensors"), "WEIGHTS");

        // When / Then
        assertThatExceptionOfType(CorruptCheckpointException.class)
                .isThrownBy(() -> store.locate(model))
                .withMessageContaining("is not what was published");
    }

    @Test
    void shouldDeleteTheModelsThatAreNamed() throws IOException {
        // Given
        publish(StoredCheckpoint.write(root, 100, "one"));
        publish(StoredCheckpoint.write(root, 200, "two"));
        publish(StoredCheckpoint.write(root, 300, "three"));

        // When
        store.delete("intent", List.of("checkpoint-000200", "checkpoint-000001", ".."));

        // Then
        assertThat(names(root.resolve("intent/models"))).containsExactly("checkpoint-000100", "checkpoint-000300");
        assertThat(names(root.resolve("intent"))).contains("checkpoint-000200");
    }

    @Test
    void shouldKeepAModelThatAnotherEvaluatorHasJustPromoted() throws IOException {
        // Given: this evaluator's list ends with 100, and it has lost its partition since
        publish(StoredCheckpoint.write(root, 100, "one"));
        publish(StoredCheckpoint.write(root, 110, "promoted by another one"));

        // When
        store.delete("intent", List.of("checkpoint-000090"));

        // Then
        assertThat(names(root.resolve("intent/models"))).containsExactly("checkpoint-000100", "checkpoint-000110");
    }

    @Test
    void shouldDeleteWhatADiedProcessLeftButNotWhatAnotherIsAt() throws IOException {
        // Given
        Path left = Files.createDirectories(root.resolve("intent/models/.candidate-left"));
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        Path atWork = Files.createDirectories(root.resolve("intent/models/.candidate-at-work"));
        Files.setLastModifiedTime(atWork, FileTime.from(Instant.now().minus(Duration.ofHours(20))));

        // When
        store.delete("intent", List.of());

        // Then
        assertThat(names(root.resolve("intent/models"))).containsExactly(".candidate-at-work");
    }

    @Test
    void shouldFindNothingToDeleteForATaskWithoutModels() throws IOException {
        // When
        store.delete("intent", List.of("checkpoint-000100"));

        // Then
        assertThat(names(root)).isEmpty();
    }

    @Test
    void shouldNotTakeAFaultOfTheDiskForOneOfThePublishedModel() throws IOException {
        // Given: a directory, which can be opened but not read, stands for a disk that fails
        PublishedModel model = publish(StoredCheckpoint.write(root, 100, "weights"));
        Path weights = root.resolve(model.location()).resolve("model.safetensors");
        Files.delete(weights);
        Files.createDirectory(weights);

        // When / Then
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> store.locate(model));
    }

    @Test
    void shouldNotTakeAStoreThatIsNotThereForACheckpointThatIsGone() {
        // Given
        ModelStore unmounted = new ModelStore(root.resolve("unmounted"));
        CheckpointReference checkpoint =
                new CheckpointReference("intent", "checkpoint-1", 1, "intent/checkpoint-1", "00");

        // When / Then
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> unmounted.stage(checkpoint))
                .withMessageContaining("is the store mounted");
    }

    private PublishedModel publish(CheckpointReference checkpoint) {
        try (CandidateModel candidate = store.stage(checkpoint)) {
            return candidate.publish();
        }
    }

    private static List<String> names(Path directory) throws IOException {
        return ModelDirectories.list(directory).stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }
}
