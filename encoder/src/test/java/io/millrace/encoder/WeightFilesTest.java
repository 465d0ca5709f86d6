package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.safetensors.SafetensorsWriter;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.UnusableCheckpointException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Weights in parts, with the list of what is where. */
class WeightFilesTest extends NativeScope {

    private static final String FIRST = "model-00001-of-00002.safetensors";
    private static final String SECOND = "model-00002-of-00002.safetensors";

    @TempDir
    private Path directory;

    private final ObjectNode index = Json.mapper().createObjectNode();
    private final ObjectNode map = index.putObject("weight_map");

    @BeforeEach
    void divide() throws IOException {
        Goldens.copy("bert", directory);
        Path whole = directory.resolve(EncoderCheckpoint.WEIGHTS_FILE);
        Map<String, NDArray> first = new LinkedHashMap<>();
        Map<String, NDArray> second = new LinkedHashMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(whole)) {
            for (String name : file.entries().keySet()) {
                boolean early = name.contains("embeddings") || name.contains("layer.0");
                (early ? first : second).put(name, file.array(scope, name));
                map.put(name, early ? FIRST : SECOND);
            }
        }
        SafetensorsWriter.write(directory.resolve(FIRST), first);
        SafetensorsWriter.write(directory.resolve(SECOND), second);
        Files.delete(whole);
        list();
    }

    @Test
    void shouldReadWeightsInParts() {
        // When
        float[] logits = logits(directory);

        // Then
        assertThat(logits).containsExactly(logits(Goldens.directory("bert")));
        assertThat(EncoderCheckpoint.weightFiles(directory))
                .containsExactly(directory.resolve(FIRST), directory.resolve(SECOND));
    }

    @Test
    void shouldKnowWhichFileHoldsTheWeights() throws IOException {
        // Given
        Path golden = Goldens.directory("bert");

        // When / Then
        assertThat(EncoderCheckpoint.weightFiles(golden))
                .containsExactly(golden.resolve(EncoderCheckpoint.WEIGHTS_FILE));
        assertThat(EncoderCheckpoint.weightFiles(Files.createDirectory(directory.resolve("empty"))))
                .isEmpty();
    }

    @Test
    void shouldWriteOneFileAgain() throws IOException {
        // When
        Path written = Files.createDirectory(directory.resolve("written"));
        Goldens.classifier(directory, written);

        // Then
        assertThat(written)
                .isDirectoryContaining("glob:**/model.safetensors")
                .isDirectoryNotContaining("glob:**/*.index.json");
        assertThat(logits(written)).containsExactly(logits(Goldens.directory("bert")));
    }

    @Test
    void shouldTakeTheWholeFileWhereBothAreThere() throws IOException {
        // Given
        Files.copy(
                Goldens.directory("bert").resolve(EncoderCheckpoint.WEIGHTS_FILE),
                directory.resolve(EncoderCheckpoint.WEIGHTS_FILE));
        Files.delete(directory.resolve(SECOND));

        // When / Then
        assertThat(logits(directory)).hasSize(2 * Goldens.TEXTS.size());
    }

    @Test
    void shouldSayWhichPartIsMissing() throws IOException {
        // Given
        Files.delete(directory.resolve(SECOND));

        // When / Then
        refused("the part " + SECOND + " must lie beside it, but is not there. Copy all parts of the checkpoint.");
    }

    @ParameterizedTest
    @CsvSource({"../model-00002-of-00002.safetensors", "/etc/passwd", "sub/model-00002-of-00002.safetensors"})
    void shouldLookForPartsNowhereElse(String elsewhere) throws IOException {
        // Given
        map.put("classifier.bias", elsewhere);
        list();

        // When / Then
        refused("the part " + elsewhere + " must lie beside it");
    }

    @Test
    void shouldSayWhichTensorIsNotWhereTheListSays() throws IOException {
        // Given
        map.put("classifier.bias", FIRST);
        list();

        // When / Then
        refused("the tensor classifier.bias must be in " + FIRST + ", as weight_map says, got a part without it");
    }

    @Test
    void shouldRefuseATensorInTwoParts() throws IOException {
        // Given
        Files.copy(directory.resolve(SECOND), directory.resolve("again.safetensors"));
        map.put("classifier.bias", "again.safetensors");
        list();

        // When / Then
        refused("must be in one part, got several");
    }

    @Test
    void shouldRefuseAListOfNothing() throws IOException {
        // Given
        index.putObject("weight_map");
        list();

        // When / Then
        refused("weight_map must name the part of each tensor, got none");
    }

    private void list() throws IOException {
        Files.writeString(directory.resolve(WeightFiles.INDEX_FILE), index.toString());
    }

    private void refused(String message) {
        assertThatThrownBy(() -> EncoderCheckpoint.read(directory))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining(message);
    }

    private static float[] logits(Path checkpoint) {
        try (OpenModel model = new OpenModel(checkpoint)) {
            return model.logits(Goldens.TEXTS);
        }
    }
}
