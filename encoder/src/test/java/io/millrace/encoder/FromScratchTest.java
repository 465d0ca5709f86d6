package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** An encoder of which there is a configuration and a tokenizer alone. */
class FromScratchTest {

    @TempDir
    private Path directory;

    private Path untrained;
    private Path target;

    @BeforeEach
    void create() throws IOException {
        untrained = Files.createDirectory(directory.resolve("untrained"));
        target = Files.createDirectory(directory.resolve("target"));
    }

    @ParameterizedTest
    @CsvSource({
        "bert, BertForMaskedLM",
        "roberta, RobertaForMaskedLM",
        "xlm-roberta, XLMRobertaForMaskedLM",
        "distilbert, DistilBertForMaskedLM",
        "modernbert, ModernBertForMaskedLM"
    })
    void shouldWriteAnEncoderWithItsMaskedTokenHeadAlone(String family, String architecture) throws IOException {
        // When
        write(family);

        // Then
        JsonNode config = Json.mapper().readTree(target.resolve("config.json").toFile());
        assertThat(config.at("/architectures/0").asText()).isEqualTo(architecture);
        assertThat(config.has("id2label")).isFalse();
        EncoderCheckpoint written = EncoderCheckpoint.read(target);
        assertThat(written.hasTokenHead()).isTrue();
        assertThat(written.hasTrainedTokenHead()).isFalse();
        assertThat(EncoderCheckpoint.read(Goldens.directory(family)).hasTrainedTokenHead())
                .isTrue();
        assertThat(written.head()).isEmpty();
        assertThat(written.head()).isEmpty();
        assertThat(written.trainedMaxTokens()).isEqualTo(24);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "distilbert", "modernbert"})
    void shouldHaveTheWeightsOfATrainedOneInTheirShapes(String family) throws IOException {
        // When
        write(family);

        // Then
        try (SafetensorsFile golden = weights(Goldens.directory(family));
                SafetensorsFile drawn = weights(target)) {
            List<String> head = List.of(
                    "bert.pooler.dense.weight", "bert.pooler.dense.bias",
                    "classifier.weight", "classifier.bias",
                    "classifier.dense.weight", "classifier.dense.bias",
                    "classifier.out_proj.weight", "classifier.out_proj.bias",
                    "pre_classifier.weight", "pre_classifier.bias");
            assertThat(drawn.entries().keySet())
                    .containsExactlyInAnyOrderElementsOf(golden.entries().keySet().stream()
                            .filter(name -> !head.contains(name))
                            .toList());
            drawn.entries().forEach((name, entry) -> assertThat(entry.shape())
                    .as(name)
                    .isEqualTo(golden.entries().get(name).shape()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "distilbert", "modernbert"})
    void shouldBeReadAgainAndTakeAHead(String family) throws IOException {
        // Given
        write(family);

        // When
        try (OpenModel model = new OpenModel(target)) {
            // Then
            assertThat(model.logits(Goldens.TEXTS)).hasSize(2 * Goldens.TEXTS.size());
            for (float logit : model.logits(Goldens.TEXTS)) {
                assertThat(logit).isFinite();
            }
        }
    }

    @Test
    void shouldDrawMatricesWithTheConfiguredSpread() throws IOException {
        // When
        try (OpenModel model = model("bert")) {
            float[] words = model.weight("bert.embeddings.word_embeddings.weight");

            // Then
            double range = model.checkpoint().config().shape().initializerRange();
            double mean = 0;
            double squares = 0;
            for (float word : words) {
                mean += word / words.length;
                squares += (double) word * word / words.length;
            }
            assertThat(mean).isCloseTo(0, within(range / 10));
            assertThat(Math.sqrt(squares)).isCloseTo(range, within(range / 10));
            assertThat(model.weight("bert.embeddings.LayerNorm.weight")).containsOnly(1);
            assertThat(model.weight("bert.encoder.layer.0.output.dense.bias")).containsOnly(0);
        }
    }

    @Test
    void shouldUseTheWeightsWhereThereAreAny() throws IOException {
        // Given
        Goldens.copy("bert", untrained);

        // When
        try (OpenModel model =
                        new OpenModel(EncoderCheckpoint.readUntrained(untrained), OutputHead.none(), Precision.F32);
                OpenModel golden = new OpenModel(Goldens.directory("bert"))) {

            // Then
            assertThat(model.weight("bert.embeddings.word_embeddings.weight"))
                    .containsExactly(golden.weight("bert.embeddings.word_embeddings.weight"));
            assertThat(model.weights().byName()).doesNotContainKey("classifier.weight");
        }
    }

    private void write(String family) throws IOException {
        try (OpenModel model = model(family)) {
            model.checkpoint().write(target, model.weights(), OutputHead.none(), 24);
        }
    }

    private OpenModel model(String family) throws IOException {
        for (String name : List.of("config.json", "tokenizer.json")) {
            Files.copy(Goldens.directory(family).resolve(name), untrained.resolve(name));
        }
        try (Stream<Path> files = Files.list(untrained)) {
            assertThat(files).hasSize(2);
        }
        return new OpenModel(EncoderCheckpoint.readUntrained(untrained), OutputHead.none(), Precision.F32);
    }

    private static SafetensorsFile weights(Path checkpoint) throws IOException {
        return SafetensorsFile.open(checkpoint.resolve(EncoderCheckpoint.WEIGHTS_FILE));
    }
}
