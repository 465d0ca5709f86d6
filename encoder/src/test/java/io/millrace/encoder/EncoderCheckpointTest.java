package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.encoder.config.Architecture;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.safetensors.TensorType;
import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

class EncoderCheckpointTest {

    @TempDir
    private Path target;

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "distilbert", "modernbert", "electra", "deberta-v2"})
    void shouldGiveTheSameLogitsAfterWritingAndReading(String family) throws IOException {
        // Given
        float[] before = logits(Goldens.directory(family));

        // When
        Goldens.classifier(family, target);

        // Then
        assertThat(logits(target)).containsExactly(before);
    }

    @ParameterizedTest
    @CsvSource({
        "bert, BertForSequenceClassification",
        "roberta, RobertaForSequenceClassification",
        "xlm-roberta, XLMRobertaForSequenceClassification",
        "modernbert, ModernBertForSequenceClassification",
        "electra, ElectraForSequenceClassification",
        "deberta-v2, DebertaV2ForSequenceClassification",
        "distilbert, DistilBertForSequenceClassification"
    })
    void shouldWriteAConfigurationThatNamesLabelsAndArchitecture(String family, String architecture)
            throws IOException {
        // When
        Goldens.classifier(family, target);

        // Then
        JsonNode config = json("config.json");
        assertThat(config.get("id2label")).isEqualTo(parsed("{\"0\":\"negative\",\"1\":\"positive\"}"));
        assertThat(config.get("label2id")).isEqualTo(parsed("{\"negative\":0,\"positive\":1}"));
        assertThat(config.get("architectures")).isEqualTo(parsed("[\"" + architecture + "\"]"));
        assertThat(config.get("vocab_size")).isEqualTo(original(family).get("vocab_size"));
        assertThat(json("tokenizer_config.json").get("model_max_length").intValue())
                .isEqualTo(24);
        assertThat(EncoderCheckpoint.read(target).head()).contains(OutputHead.classes(Goldens.LABELS));
        assertThat(EncoderCheckpoint.read(target).trainedMaxTokens()).isEqualTo(24);
    }

    @Test
    void shouldWriteEvenAfterTheDirectoryThatItWasReadFromIsGone() throws IOException {
        // Given
        Path source = Goldens.copy("bert", Files.createDirectory(target.resolve("source")));
        Path next = Files.createDirectory(target.resolve("next"));
        try (OpenModel model = new OpenModel(source)) {
            for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
                Files.delete(source.resolve(name));
            }

            // When
            model.checkpoint().write(next, model.weights(), OutputHead.classes(Goldens.LABELS), 24);
        }

        // Then
        assertThat(next.resolve("tokenizer.json"))
                .hasSameBinaryContentAs(Goldens.directory("bert").resolve("tokenizer.json"));
        assertThat(logits(next)).containsExactly(logits(Goldens.directory("bert")));
    }

    @Test
    void shouldKeepAHeadOverTheSameLabels() throws IOException {
        // Given
        Goldens.classifier("bert", target);

        // When
        try (OpenModel model = new OpenModel(target);
                OpenModel golden = new OpenModel(Goldens.directory("bert"))) {

            // Then
            assertThat(model.weight("classifier.weight")).containsExactly(golden.weight("classifier.weight"));
        }
    }

    @Test
    void shouldTakeTheRowsOfAHeadByTheNamesOfTheirLabels() throws IOException {
        // Given
        Goldens.classifier("bert", target);

        // When
        try (OpenModel same = new OpenModel(target);
                OpenModel other = new OpenModel(target, List.of("positive", "new", "negative"), Precision.F32)) {

            // Then
            float[] rows = same.weight("classifier.weight");
            float[] biases = same.weight("classifier.bias");
            int width = rows.length / 2;
            float[] taken = other.weight("classifier.weight");
            assertThat(Arrays.copyOfRange(taken, 0, width)).containsExactly(Arrays.copyOfRange(rows, width, 2 * width));
            assertThat(Arrays.copyOfRange(taken, 2 * width, 3 * width)).containsExactly(Arrays.copyOf(rows, width));
            assertThat(Arrays.copyOfRange(taken, width, 2 * width)).doesNotContain(0);
            assertThat(other.weight("classifier.bias")).containsExactly(biases[1], 0, biases[0]);
            assertThat(other.weight("bert.pooler.dense.weight")).isEqualTo(same.weight("bert.pooler.dense.weight"));
        }
    }

    @Test
    void shouldStartAFreshHeadWhenNoLabelIsTheSame() throws IOException {
        // Given
        Goldens.classifier("bert", target);

        // When
        try (OpenModel same = new OpenModel(target);
                OpenModel other = new OpenModel(target, List.of("ham", "spam"), Precision.F32)) {

            // Then
            assertThat(other.weight("classifier.weight")).isNotEqualTo(same.weight("classifier.weight"));
            assertThat(other.weight("classifier.bias")).containsOnly(0f);
            assertThat(other.weight("bert.pooler.dense.weight")).isEqualTo(same.weight("bert.pooler.dense.weight"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "distilbert", "modernbert", "electra", "deberta-v2"})
    void shouldStartAFreshHeadWhenANamelessOneIsOverAnotherNumberOfClasses(String family) {
        // When
        try (OpenModel model =
                new OpenModel(Goldens.directory(family), List.of("a", "b", "c", "d", "e"), Precision.F32)) {

            // Then
            assertThat(model.logits(Goldens.TEXTS)).hasSize(5 * Goldens.TEXTS.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "distilbert", "modernbert", "electra", "deberta-v2"})
    void shouldReadTheNamesOfOldFiles(String family) throws IOException {
        // Given
        float[] expected = logits(Goldens.directory(family));
        Goldens.copy(family, target);
        HandMade.rewrite(target.resolve(EncoderCheckpoint.WEIGHTS_FILE), TensorType.F32, name -> name.replaceFirst(
                        "^" + Architecture.of(family).names().prefix().replace(".", "\\."), "")
                .replace("LayerNorm.weight", "LayerNorm.gamma")
                .replace("LayerNorm.bias", "LayerNorm.beta"));

        // When
        float[] logits = logits(target);

        // Then
        assertThat(logits).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "bert, F16, 0.01",
        "roberta, F16, 0.01",
        "distilbert, F16, 0.01",
        "modernbert, F16, 0.01",
        "electra, F16, 0.01",
        "bert, BF16, 0.1",
        "modernbert, BF16, 0.1",
        "roberta, BF16, 0.1",
        "distilbert, BF16, 0.1"
    })
    void shouldComeNearWithWeightsInSixteenBits(String family, TensorType type, float distance) throws IOException {
        // Given
        float[] expected = logits(Goldens.directory(family));
        Goldens.copy(family, target);
        HandMade.rewrite(target.resolve(EncoderCheckpoint.WEIGHTS_FILE), type, UnaryOperator.identity());

        // When
        float[] logits = logits(target);

        // Then
        assertThat(logits).hasSameSizeAs(expected).isNotEqualTo(expected);
        for (int i = 0; i < logits.length; i++) {
            assertThat(logits[i]).isCloseTo(expected[i], within(distance));
        }
    }

    private static float[] logits(Path directory) {
        try (OpenModel model = new OpenModel(directory)) {
            return model.logits(Goldens.TEXTS);
        }
    }

    private JsonNode json(String file) throws IOException {
        return Json.mapper().readTree(target.resolve(file).toFile());
    }

    private static JsonNode original(String family) throws IOException {
        return Json.mapper()
                .readTree(Goldens.directory(family).resolve("config.json").toFile());
    }

    private static JsonNode parsed(String json) throws IOException {
        return Json.mapper().readTree(json);
    }
}
