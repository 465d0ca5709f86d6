package io.millrace.app.encoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.UnusableCheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;

class OnnxImportTest {

    private static final Path BERT =
            Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert");
    private static final Path TOKENIZER = BERT.resolve("tokenizer.json");

    @TempDir
    private Path folder;

    @Test
    void shouldGiveBackEveryWeight() throws IOException {
        // Given
        Path model = OnnxFile.of(BERT, 4).write(folder.resolve("model.onnx"));

        // When
        run(model, OptionalInt.empty());

        // Then
        Path made = folder.resolve("made");
        int compared = 0;
        try (SafetensorsFile ours = SafetensorsFile.open(made.resolve("model.safetensors"));
                SafetensorsFile theirs = SafetensorsFile.open(BERT.resolve("model.safetensors"))) {
            for (String name : ours.entries().keySet()) {
                assertThat(ours.entry(name).shape())
                        .as(name)
                        .isEqualTo(theirs.entry("bert." + name).shape());
                assertThat(ours.floats(name)).as(name).isEqualTo(theirs.floats("bert." + name));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(5 + 3 * 16 + 2);
        assertThat(made.resolve("tokenizer.json")).hasSameBinaryContentAs(TOKENIZER);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("model.onnx", "made");
    }

    @Test
    void shouldReadTheConfigurationFromTheComputation() throws IOException {
        // Given
        Path model = OnnxFile.of(BERT, 4).write(folder.resolve("model.onnx"));

        // When
        run(model, OptionalInt.empty());

        // Then
        JsonNode made =
                Json.mapper().readTree(folder.resolve("made/config.json").toFile());
        JsonNode given = Json.mapper().readTree(BERT.resolve("config.json").toFile());
        for (String key : new String[] {
            "model_type",
            "vocab_size",
            "hidden_size",
            "num_hidden_layers",
            "num_attention_heads",
            "intermediate_size",
            "hidden_act",
            "max_position_embeddings",
            "type_vocab_size",
            "layer_norm_eps",
            "pad_token_id"
        }) {
            assertThat(made.get(key)).as(key).isEqualTo(given.get(key));
        }
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(folder.resolve("made"));
        assertThat(checkpoint.head()).isEmpty();
        assertThat(checkpoint.hasTokenHead()).isFalse();
    }

    @Test
    void shouldTakeTheNumberOfHeadsFromTheUser() throws IOException {
        // Given
        Path model = OnnxFile.of(BERT, 4).without("Reshape").write(folder.resolve("model.onnx"));

        // When
        var unknown = assertThatThrownBy(() -> run(model, OptionalInt.empty()));
        var wrong = assertThatThrownBy(() -> run(model, OptionalInt.of(5)));
        run(model, OptionalInt.of(8));

        // Then
        unknown.hasMessageContaining("does not show how many attention heads there are");
        wrong.hasMessage("the number of attention heads must divide the width 32, got 5. Give another --heads.");
        assertThat(Json.mapper()
                        .readTree(folder.resolve("made/config.json").toFile())
                        .path("num_attention_heads")
                        .asInt())
                .isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            DynamicQuantizeLinear | must hold 32-bit floats, got a quantised model (DynamicQuantizeLinear)
            CumSum | counts positions from the padding, as RoBERTa does
            """)
    void shouldRefuseOtherComputations(String node, String message) throws IOException {
        // Given
        Path model = OnnxFile.of(BERT, 4).node(node, "x", "y").write(folder.resolve("model.onnx"));

        // When
        var thrown = assertThatThrownBy(() -> run(model, OptionalInt.empty()));

        // Then
        thrown.isInstanceOf(UnusableCheckpointException.class).hasMessageContaining(message);
        assertThat(folder.toFile().list()).containsExactly("model.onnx");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            embeddings.word_embeddings.weight | must hold a tensor embeddings.word_embeddings.weight
            encoder.layer.1.output.dense.bias | lacks the weight
            encoder.layer.0.attention.self.key.bias | lacks the weight
            embeddings.position_embeddings.weight | the export must hold a tensor embeddings.position_embeddings.weight
            """)
    void shouldRefuseAnExportWithoutAWeight(String tensor, String message) throws IOException {
        // Given
        Path model = OnnxFile.of(BERT, 4).withoutTensor(tensor).write(folder.resolve("model.onnx"));

        // When
        var thrown = assertThatThrownBy(() -> run(model, OptionalInt.empty()));

        // Then
        thrown.isInstanceOf(UnusableCheckpointException.class).hasMessageContaining(message);
        assertThat(folder.toFile().list()).containsExactly("model.onnx");
    }

    @Test
    void shouldRefuseWhatIsNoWholeModel() throws IOException {
        // Given
        Path whole = OnnxFile.of(BERT, 4).write(folder.resolve("whole.onnx"));
        byte[] bytes = Files.readAllBytes(whole);
        Path half = Files.write(folder.resolve("half.onnx"), Arrays.copyOf(bytes, bytes.length / 2));
        Path empty = Files.write(folder.resolve("empty.onnx"), new byte[0]);
        Path apart = OnnxFile.of(BERT, 4).external("pooler.x").write(folder.resolve("apart.onnx"));

        // Then
        assertThatThrownBy(() -> run(half, OptionalInt.empty()))
                .hasMessageContaining("got something else or a part of one");
        assertThatThrownBy(() -> run(TOKENIZER, OptionalInt.empty())).hasMessageContaining("must be an ONNX model");
        assertThatThrownBy(() -> run(empty, OptionalInt.empty())).hasMessageContaining("without any computation");
        assertThatThrownBy(() -> run(apart, OptionalInt.empty())).hasMessageContaining("got pooler.x in another file");
        assertThatThrownBy(() -> new OnnxImport(whole, whole, OptionalInt.empty()).into(folder.resolve("made")))
                .hasMessageContaining("must hold one JSON object");
    }

    private void run(Path model, OptionalInt heads) throws IOException {
        new OnnxImport(model, TOKENIZER, heads).into(folder.resolve("made"));
    }
}
