package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.safetensors.SafetensorsWriter;
import io.millrace.schemas.store.UnusableCheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Checkpoints that hold a tied weight twice or under its other name, or lack a part, as Hugging Face and sentence-transformers save them. */
class LeftOutWeightsTest extends NativeScope {

    private static final String WORDS = "embeddings.word_embeddings.weight";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "bert, bert.embeddings.word_embeddings, cls.predictions.decoder, .weight",
        "bert, cls.predictions, cls.predictions.decoder, .bias",
        "roberta, roberta.embeddings.word_embeddings, lm_head.decoder, .weight",
        "xlm-roberta, lm_head, lm_head.decoder, .bias",
        "distilbert, distilbert.embeddings.word_embeddings, vocab_projector, .weight",
        "modernbert, model.embeddings.tok_embeddings, decoder, .weight"
    })
    void shouldFindATiedWeightUnderEitherNameOrBoth(String family, String name, String other, String kind)
            throws IOException {
        // Given
        Goldens.copy(family, directory);
        rewrite(family, tensors -> tensors.put(other + kind, tensors.get(name + kind)));
        float[] twice = weight(name + kind);

        // When
        rewrite(family, tensors -> tensors.put(other + kind, tensors.remove(name + kind)));
        float[] renamed = weight(name + kind);

        // Then
        try (OpenModel golden = new OpenModel(Goldens.directory(family))) {
            assertThat(twice).isEqualTo(golden.weight(name + kind));
            assertThat(renamed).isEqualTo(golden.weight(name + kind));
        }
        assertThat(EncoderCheckpoint.read(directory).hasTokenHead()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "bert, bert.embeddings.word_embeddings.weight, cls.predictions.decoder.weight",
        "modernbert, model.embeddings.tok_embeddings.weight, decoder.weight"
    })
    void shouldRefuseADecoderOfItsOwn(String family, String name, String decoder) throws IOException {
        // Given
        Goldens.copy(family, directory);
        rewrite(family, tensors -> tensors.put(decoder, tensors.get(name).mul(2)));

        // When / Then
        assertThatThrownBy(() -> EncoderCheckpoint.read(directory))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessage("model.safetensors: " + decoder + " must hold the values of " + name
                        + ", got others: a masked-token head with a decoder of its own is not supported. Use a checkpoint"
                        + " that ties the decoder to the word embedding.");
    }

    @Test
    void shouldReadAnEncoderWithoutPoolerAndHeads() throws IOException {
        // Given
        Goldens.copy("bert", directory);
        rewrite("bert", tensors -> tensors.keySet()
                .removeIf(name -> name.startsWith("cls.") || name.contains("pooler") || name.startsWith("classifier")));

        // When
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(directory);

        // Then
        assertThat(checkpoint.head()).isEmpty();
        assertThat(checkpoint.hasTokenHead()).isFalse();
        assertThat(weight("bert." + WORDS)).isEqualTo(golden("bert", "bert." + WORDS));
        assertThat(weight("bert.pooler.dense.bias")).containsOnly(0f);
    }

    @Test
    void shouldKeepAPoolerWithoutAHead() throws IOException {
        // Given
        Goldens.copy("bert", directory);
        rewrite("bert", tensors -> tensors.keySet().removeIf(name -> name.startsWith("classifier")));

        // When / Then
        assertThat(EncoderCheckpoint.read(directory).head()).isEmpty();
        assertThat(weight("bert.pooler.dense.weight")).isEqualTo(golden("bert", "bert.pooler.dense.weight"));
    }

    @Test
    void shouldStartAModernBertClassifierWithTheHeadOfItsMaskedTokens() throws IOException {
        // Given
        Goldens.copy("modernbert", directory);
        rewrite("modernbert", tensors -> tensors.keySet().removeIf(name -> name.startsWith("classifier")));

        // When / Then
        assertThat(EncoderCheckpoint.read(directory).hasTokenHead()).isTrue();
        assertThat(EncoderCheckpoint.read(directory).head()).isEmpty();
        assertThat(weight("head.dense.weight")).isEqualTo(golden("modernbert", "head.dense.weight"));
    }

    @Test
    void shouldKnowAModernBertWithoutADecoderForNoMaskedTokenHead() throws IOException {
        // Given
        Goldens.copy("modernbert", directory);
        rewrite("modernbert", tensors -> tensors.remove("decoder.bias"));

        // When / Then
        assertThat(EncoderCheckpoint.read(directory).hasTokenHead()).isFalse();
        assertThat(weight("decoder.bias")).containsOnly(0f);
        assertThat(weight("head.dense.weight")).isEqualTo(golden("modernbert", "head.dense.weight"));
    }

    private float[] weight(String name) {
        try (OpenModel model = new OpenModel(directory)) {
            return model.weight(name);
        }
    }

    private static float[] golden(String family, String name) {
        try (OpenModel model = new OpenModel(Goldens.directory(family))) {
            return model.weight(name);
        }
    }

    /** Writes the golden weights again after a change. */
    private void rewrite(String family, Consumer<Map<String, NDArray>> change) throws IOException {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try (SafetensorsFile file =
                SafetensorsFile.open(Goldens.directory(family).resolve(EncoderCheckpoint.WEIGHTS_FILE))) {
            for (String name : file.entries().keySet()) {
                tensors.put(name, file.array(scope, name));
            }
        }
        change.accept(tensors);
        Path changed = directory.resolve(EncoderCheckpoint.WEIGHTS_FILE);
        Files.delete(changed);
        SafetensorsWriter.write(changed, tensors);
    }
}
