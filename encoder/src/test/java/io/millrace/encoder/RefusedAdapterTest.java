package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.config.AdapterConfig;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.safetensors.SafetensorsWriter;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.CorruptCheckpointException;
import io.millrace.schemas.store.FrozenWeights;
import io.millrace.schemas.store.Sha256;
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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** Adapters, and ways to tune an encoder, that cannot be. */
class RefusedAdapterTest extends NativeScope {

    @TempDir
    private Path directory;

    private Path adapter;

    @BeforeEach
    void copyAdapter() throws IOException {
        adapter = Files.createDirectory(directory.resolve("adapter"));
        Path source = Goldens.resource("/adapters/bert");
        for (String name : List.of(AdapterConfig.FILE_NAME, WeightFiles.ADAPTER_FILE)) {
            Files.copy(source.resolve(name), adapter.resolve(name));
        }
        edit(config ->
                config.put("base_model_name_or_path", Goldens.directory("bert").toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peft_type | \"ADALORA\" | peft_type must be LORA",
                "bias | \"all\" | bias must be none, got \"all\"",
                "use_dora | true | use_dora must be false, got true",
                "lora_bias | true | lora_bias must be false",
                "r | 0 | r must be a positive whole number, got 0",
                "lora_alpha | -1 | lora_alpha must be a number above 0",
                "rank_pattern | {\"query\":4} | rank_pattern must be absent",
                "alpha_pattern | {\"query\":4} | alpha_pattern must be absent",
                "layer_replication | [[0,1]] | layer_replication must be absent",
                "init_lora_weights | \"pissa\" | init_lora_weights must be true, false, gaussian or orthogonal",
                "base_model_name_or_path | \"someone/encoder\" | base_model_name_or_path must be the directory of the encoder"
            })
    void shouldRefuseWhatItCannotCompute(String key, String value, String message) throws IOException {
        // Given
        edit(config -> config.set(key, tree(value)));

        // Then
        assertThatThrownBy(() -> EncoderCheckpoint.read(adapter))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("adapter_config.json: " + message);
    }

    @Test
    void shouldRefuseAnAdapterOfAnotherWidth() throws IOException {
        // Given
        String name = "base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight";
        rewrite(tensors -> tensors.put(name, zeros(3, 5)));

        // Then
        assertThatThrownBy(() -> EncoderCheckpoint.read(adapter))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("the adapter is not for the encoder in " + Goldens.directory("bert"))
                .hasMessageContaining("attention.self.query.lora_A.weight must have shape [3, ")
                .hasMessageContaining("got [3, 5]. Set base_model_name_or_path");
    }

    @Test
    void shouldRefuseAnAdapterOfMoreLayers() throws IOException {
        // Given
        String stem = "base_model.model.bert.encoder.layer.7.attention.self.query.";
        rewrite(tensors -> {
            tensors.put(stem + "lora_A.weight", zeros(3, 16));
            tensors.put(stem + "lora_B.weight", zeros(16, 3));
        });

        // Then
        assertThatThrownBy(() -> EncoderCheckpoint.read(adapter))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining(
                        "bert.encoder.layer.7.attention.self.query must have a matrix of that name there, got none");
    }

    @Test
    void shouldRefuseAModuleThatItDoesNotKnow() throws IOException {
        // Given
        rewrite(tensors -> tensors.put("base_model.model.projector.weight", zeros(2, 2)));

        // Then
        assertThatThrownBy(() -> EncoderCheckpoint.read(adapter))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("base_model.model.projector.weight, which is no weight of bert")
                .hasMessageContaining("modules_to_save");
    }

    @Test
    void shouldRefuseAnAdapterOfTheEmbedding() throws IOException {
        // Given
        rewrite(tensors ->
                tensors.put("base_model.model.bert.embeddings.word_embeddings.lora_embedding_A", zeros(3, 2)));

        // Then
        assertThatThrownBy(() -> EncoderCheckpoint.read(adapter))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("of which only lora_A and lora_B of linear layers are supported");
    }

    @Test
    void shouldRefuseAnAdapterOfAnAdapter() throws IOException {
        // Given
        edit(config -> config.put("base_model_name_or_path", "."));

        // Then
        assertThatThrownBy(() -> EncoderCheckpoint.read(adapter))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("adapter");
    }

    @Test
    void shouldRefuseFrozenWeightsThatAreOthersThanTheirNameSays() throws IOException {
        // Given
        String hash = "0".repeat(64);
        Path frozen = Files.createDirectory(directory.resolve("frozen-" + hash));
        Goldens.copy("bert", frozen);
        edit(config -> config.put("base_model_name_or_path", "../frozen-" + hash));

        // Then
        assertThatThrownBy(() -> EncoderCheckpoint.read(adapter))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining(
                        "must hold the frozen weights that " + adapter + " was trained on, with SHA-256 " + hash);
    }

    @Test
    void shouldReadAnAdapterWhoseFrozenWeightsLieElsewhere() throws IOException {
        // Given
        String hash = Sha256.of(Goldens.directory("bert").resolve(EncoderCheckpoint.WEIGHTS_FILE));
        Path frozen = Files.createDirectories(directory.resolve("elsewhere").resolve("frozen-" + hash));
        Goldens.copy("bert", frozen);
        edit(config -> config.put("base_model_name_or_path", frozen.toString()));

        // When
        EncoderCheckpoint read = EncoderCheckpoint.read(adapter);

        // Then
        assertThat(read.head()).isPresent();
    }

    @Test
    void shouldRefuseFrozenWeightsThatAreNotThere() throws IOException {
        // Given
        FrozenWeights frozen = new FrozenWeights("1".repeat(64), 1);
        Path checkpoint = Files.createDirectory(directory.resolve("checkpoint"));
        Files.writeString(
                checkpoint.resolve(WeightFiles.INDEX_FILE),
                "{\"weight_map\":{\"a\":\"../" + frozen.directoryName() + "/model.safetensors\"}}");

        // Then
        assertThatThrownBy(() -> WeightFiles.open(checkpoint.resolve(WeightFiles.INDEX_FILE)))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("holds only what was trained, and needs ")
                .hasMessageContaining("Copy " + frozen.directoryName());
    }

    @ParameterizedTest
    @CsvSource({"../other/model.safetensors", "../../frozen-%s/model.safetensors", "../frozen-%s/other.safetensors"})
    void shouldRefuseWeightsAnywhereElse(String name) throws IOException {
        // Given
        String part = String.format(name, "1".repeat(64));
        Path index = directory.resolve(WeightFiles.INDEX_FILE);
        Files.writeString(index, "{\"weight_map\":{\"a\":\"" + part + "\"}}");

        // Then
        assertThatThrownBy(() -> WeightFiles.open(index))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("must lie beside it");
    }

    @Test
    void shouldRefuseMoreLayersThanTheEncoderHas() {
        assertThatThrownBy(() -> tuned(Tuning.ofLayers(9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("training.tuning.layers must be at most the 3 layers of the encoder in ")
                .hasMessageContaining("got 9. Train fewer");
    }

    @Test
    void shouldRefuseATargetThatMatchesNothing() {
        assertThatThrownBy(() -> tuned(new Tuning(Tuning.Mode.LORA, null, null, null, List.of("query", "q_lin"), null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("training.tuning.targets: \"q_lin\" matches no matrix of the layers of bert")
                .hasMessageContaining(
                        "Expected query, key, value, output, up, down, or the end of the name of a module");
    }

    private Weights tuned(Tuning tuning) {
        return EncoderCheckpoint.read(Goldens.directory("bert"))
                .loadWeights(
                        scope,
                        OutputHead.classes(Goldens.LABELS),
                        new TrainedPart(tuning, false, false),
                        new Random(0),
                        new Random(0));
    }

    private void edit(Consumer<ObjectNode> change) throws IOException {
        Path file = adapter.resolve(AdapterConfig.FILE_NAME);
        ObjectNode config = (ObjectNode) Json.mapper().readTree(file.toFile());
        change.accept(config);
        Json.mapper().writeValue(file.toFile(), config);
    }

    private static JsonNode tree(String value) {
        try {
            return Json.mapper().readTree(value);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private NDArray zeros(long... shape) {
        return scope.zeros(new Shape(shape));
    }

    private void rewrite(Consumer<Map<String, NDArray>> change) throws IOException {
        Path file = adapter.resolve(WeightFiles.ADAPTER_FILE);
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try (SafetensorsFile stored = SafetensorsFile.open(file)) {
            for (String name : stored.entries().keySet()) {
                tensors.put(name, stored.array(scope, name));
            }
        }
        change.accept(tensors);
        Files.delete(file);
        SafetensorsWriter.write(file, tensors);
    }
}
