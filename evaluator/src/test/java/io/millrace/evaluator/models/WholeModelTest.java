package io.millrace.evaluator.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.Compute;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Precision;
import io.millrace.encoder.TextClassifier;
import io.millrace.encoder.TrainedPart;
import io.millrace.encoder.Tuning;
import io.millrace.encoder.Weights;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.torchscript.NativeEngine;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.CheckpointManifest.Lineage;
import io.millrace.schemas.store.CorruptCheckpointException;
import io.millrace.schemas.store.DirectoryTree;
import io.millrace.schemas.store.FrozenWeights;
import io.millrace.schemas.store.Sha256;
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
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Models of checkpoints that hold only what was trained. */
class WholeModelTest {

    private static final List<TextInput> TEXTS = List.of(new TextInput("a quiet triumph", null));

    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(strings = {"lora", "layers"})
    void shouldPublishAWholeModelWithTheAnswersOfTheCheckpoint(String mode) throws IOException {
        // Given
        CheckpointReference checkpoint = write(mode.equals("layers") ? Tuning.ofLayers(1) : Tuning.of(mode));
        Path directory = root.resolve("intent").resolve(checkpoint.id());
        float[][] expected = answers(directory);

        // When
        PublishedModel model;
        try (CandidateModel candidate = new ModelStore(root).stage(checkpoint)) {
            model = candidate.publish();
        }

        // Then nobody needs the rest any more
        DirectoryTree.delete(FrozenWeights.read(directory).beside(directory));
        DirectoryTree.delete(directory);
        Path published = new ModelStore(root).locate(model);
        try (Stream<Path> files = Files.list(published)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");
        }
        assertThat(answers(published)).isDeepEqualTo(expected);
    }

    @Test
    void shouldRefuseFrozenWeightsThatAreOthers() throws IOException {
        // Given
        CheckpointReference checkpoint = write(Tuning.of("lora"));
        Path directory = root.resolve("intent").resolve(checkpoint.id());
        Path weights = FrozenWeights.read(directory).beside(directory).resolve(FrozenWeights.WEIGHTS);
        Files.writeString(weights, " ", StandardOpenOption.APPEND);

        // When / Then
        assertThatThrownBy(() -> new ModelStore(root).stage(checkpoint))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining(weights + " must hold the frozen weights that " + directory + " was trained on");
    }

    private static float[][] answers(Path directory) {
        try (TextClassifier classifier = TextClassifier.load(directory, new Compute("cpu", Precision.F32))) {
            return classifier.probabilities(TEXTS);
        }
    }

    private CheckpointReference write(Tuning tuning) throws IOException {
        EncoderCheckpoint encoder = EncoderCheckpoint.read(
                Path.of(System.getProperty("millrace.root", ".."), "encoder/src/test/resources/goldens/bert"));
        Path directory = Files.createDirectories(root.resolve("intent/checkpoint-000001"));
        OutputHead head = OutputHead.classes(List.of("no", "yes"));
        try (NDManager memory = NativeEngine.get().newBaseManager(Device.cpu());
                Weights weights = encoder.loadWeights(
                        memory, head, new TrainedPart(tuning, false, false), new Random(1), new Random(2))) {
            weights.moving().values().forEach(weight -> weight.addi(0.01f));
            encoder.writeTrained(directory, weights, head, 16, tuning, encoder.frozen(weights));
        }
        Map<String, FileHash> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                hashes.put(file.getFileName().toString(), FileHash.of(file));
            }
        }
        CheckpointManifest manifest = new CheckpointManifest(
                CheckpointManifest.FORMAT,
                "intent",
                "checkpoint-000001",
                1,
                new Lineage(null, "config-hash", new OffsetRange(0, 0, 1), List.of()),
                hashes);
        Path file = Files.writeString(directory.resolve(CheckpointManifest.FILE_NAME), Json.write(manifest));
        return new CheckpointReference("intent", "checkpoint-000001", 1, "intent/checkpoint-000001", Sha256.of(file));
    }
}
