package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.safetensors.TensorType;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.UnusableCheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is wrong with a checkpoint directory is said in one sentence that names the file and the key or weight. */
class RefusedCheckpointTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors", "tokenizer.json"})
    void shouldSayWhichFileIsMissing(String file) throws IOException {
        // Given
        Goldens.copy("bert", directory);
        Files.delete(directory.resolve(file));

        // When / Then
        assertThatThrownBy(() -> EncoderCheckpoint.read(directory))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("it has no " + file);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "config.json           | {\"model_type\": | no JSON at line 1, column ",
                "config.json           | []              | must hold one JSON object, got ARRAY",
                "tokenizer_config.json | {               | no JSON at line 1, column ",
                "tokenizer_config.json | 7               | must hold one JSON object, got NUMBER",
                "tokenizer.json        | {               | tokenizer.json",
                "model.safetensors     | {               | model.safetensors is not a usable safetensors file",
            })
    void shouldSayWhichFileIsTorn(String file, String content, String message) throws IOException {
        // Given
        Goldens.copy("bert", directory);
        Files.writeString(directory.resolve(file), content);

        // When / Then
        assertThatThrownBy(() -> open(EncoderCheckpoint.read(directory)))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bert       | model_type              | \"gpt2\"         | model_type must be one of [bert, roberta, xlm-roberta, camembert, distilbert, electra, deberta-v2, modernbert], got \"gpt2\"",
                "bert       | model_type              | 7                | model_type must be a string, got 7",
                "bert       | position_embedding_type | \"relative_key\" | position_embedding_type must be absolute, got \"relative_key\"",
                "bert       | tie_word_embeddings     | false            | tie_word_embeddings must be true, got false",
                "bert       | hidden_act              | \"mish\"         | hidden_act must be one of [gelu, ",
                "bert       | num_hidden_layers       | -1               | num_hidden_layers must be a positive whole number, got -1",
                "bert       | num_attention_heads     | 5                | hidden_size must be a multiple of the 5 attention heads, got 32",
                "bert       | id2label                | {\"1\":\"a\"}    | id2label must be an object with the keys 0 to 0",
                "distilbert | activation              | \"mish\"         | activation must be one of [gelu, ",
                "electra    | position_embedding_type | \"relative_key\" | position_embedding_type must be absolute, got \"relative_key\"",
                "deberta-v2 | share_att_key           | false            | share_att_key must be true, as in DeBERTa-v3, got false",
                "deberta-v2 | position_biased_input   | true             | position_biased_input must be false, as in DeBERTa-v3, got true",
                "modernbert | hidden_activation       | \"mish\"         | hidden_activation must be one of [gelu, ",
                "modernbert | classifier_pooling      | \"max\"          | classifier_pooling must be cls or mean, got \"max\"",
                "modernbert | layer_types             | [\"full_attention\"] | layer_types must be full_attention or sliding_attention for each of the 4 layers",
                "modernbert | num_attention_heads     | 32               | hidden_size must be a multiple of the 32 attention heads, by an even number, got 32",
                "modernbert | tie_word_embeddings     | false            | tie_word_embeddings must be true, got false",
                "distilbert | n_heads                 | 5                | dim must be a multiple of the 5 attention heads, got 32",
            })
    void shouldSayWhichKeyIsNotUnderstood(String family, String key, String value, String message) throws IOException {
        // Given
        Goldens.copy(family, directory);
        set(key, value);

        // When / Then
        assertThatThrownBy(() -> EncoderCheckpoint.read(directory))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bert       | model_type              | \"roberta\" | lacks the weight roberta.embeddings.word_embeddings.weight",
                "bert       | num_hidden_layers       | 4   | lacks the weight bert.encoder.layer.3.attention.self.query.weight",
                "bert       | hidden_size             | 64  | bert.embeddings.word_embeddings.weight must have shape [262, 64], got [262, 32]",
                "bert       | max_position_embeddings | 512 | bert.embeddings.position_embeddings.weight must have shape [512, 32], got [64, 32]",
                "roberta    | type_vocab_size         | 2   | roberta.embeddings.token_type_embeddings.weight must have shape [2, 32], got [1, 32]",
                "modernbert | norm_bias               | true | lacks the weight model.embeddings.norm.bias, which it must hold according to config.json",
                "modernbert | intermediate_size       | 32  | model.layers.0.mlp.Wi.weight must have shape [64, 32], got [128, 32]",
                "electra    | embedding_size          | 8   | electra.embeddings.word_embeddings.weight must have shape [262, 8], got [262, 16]",
                "distilbert | dim                     | 16  | distilbert.embeddings.word_embeddings.weight must have shape [266, 16], got [266, 32]",
                "bert       | id2label | {\"0\":\"negative\",\"1\":\"positive\",\"2\":\"x\"} | classifier.weight must have shape [3, 32], got [2, 32]",
            })
    void shouldSayWhichWeightContradictsTheConfiguration(String family, String key, String value, String message)
            throws IOException {
        // Given
        Goldens.copy(family, directory);
        set(key, value);

        // When / Then
        assertThatThrownBy(() -> open(EncoderCheckpoint.read(directory)))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldSayWhichWeightHasAnotherShapeThanTheRest() throws IOException {
        // Given
        Goldens.copy("bert", directory);
        Path weights = directory.resolve(EncoderCheckpoint.WEIGHTS_FILE);
        String query = "bert.encoder.layer.1.attention.self.query.weight";
        String inner = "bert.encoder.layer.1.intermediate.dense.weight";
        HandMade.rewrite(
                weights, TensorType.F32, name -> name.equals(query) ? inner : name.equals(inner) ? query : name);

        // When / Then
        assertThatThrownBy(() -> open(EncoderCheckpoint.read(directory)))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining(query + " must have shape [32, 32], got [64, 32]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[0,32]", "[0]", "[]"})
    void shouldSayWhichWeightIsEmpty(String shape) throws IOException {
        // Given
        Goldens.copy("bert", directory);
        String embeddings = "bert.embeddings.word_embeddings.weight";
        int bytes = shape.equals("[]") ? Float.BYTES : 0;
        Files.write(
                directory.resolve(EncoderCheckpoint.WEIGHTS_FILE),
                HandMade.file(
                        "{\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[0,%d]}}"
                                .formatted(embeddings, shape, bytes),
                        new byte[bytes]));

        // When / Then
        assertThatThrownBy(() -> open(EncoderCheckpoint.read(directory)))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining(
                        "weight " + embeddings + " must have shape [262, 32], got " + shape.replace(",", ", ") + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "tokenizer.json"})
    void shouldSayWhatAnEncoderThatWasNeverTrainedLacks(String file) throws IOException {
        // Given
        Goldens.copy("bert", directory);
        Files.delete(directory.resolve(file));

        // When / Then
        assertThatThrownBy(() -> EncoderCheckpoint.readUntrained(directory))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("it has no " + file)
                .hasMessageContaining("with config.json and tokenizer.json.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vocab_size", "intermediate_size"})
    void shouldSayWhichSizeAnEncoderThatWasNeverTrainedLacks(String key) throws IOException {
        // Given
        Goldens.copy("bert", directory);
        Files.delete(directory.resolve(EncoderCheckpoint.WEIGHTS_FILE));
        Goldens.editConfig(directory, config -> config.remove(key));

        // When / Then
        assertThatThrownBy(() ->
                        new OpenModel(EncoderCheckpoint.readUntrained(directory), OutputHead.none(), Precision.F32))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining(key + " must be a positive whole number");
    }

    @Test
    void shouldRefuseMoreTokensThanPositions() {
        // Given
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(Goldens.directory("roberta"));

        // When / Then
        assertThatThrownBy(() -> checkpoint.openTokenizer(65))
                .as("a setting, not the files")
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxTokens must be at most the 64 positions of the encoder");
    }

    private void set(String key, String value) throws IOException {
        var json = Json.mapper().readTree(value);
        Goldens.editConfig(directory, (ObjectNode config) -> config.set(key, json));
    }

    private void open(EncoderCheckpoint checkpoint) {
        new OpenModel(directory, checkpoint.head().map(OutputHead::labels).orElse(Goldens.LABELS), Precision.F32)
                .close();
    }
}
