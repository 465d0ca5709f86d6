package io.millrace.encoder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Goldens;
import io.millrace.encoder.OpenModel;
import io.millrace.encoder.Precision;
import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

class OutputHeadTest {

    private static final OutputHead SCORE = OutputHead.score();

    @TempDir
    private Path target;

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "distilbert"})
    void shouldWriteARegressionAndReadItAgain(String family) throws IOException {
        // Given
        float[] before;
        try (OpenModel model = new OpenModel(EncoderCheckpoint.read(Goldens.directory(family)), SCORE, Precision.F32)) {
            before = model.logits(Goldens.TEXTS);

            // When
            model.checkpoint().write(target, model.weights(), SCORE, 24);
        }

        // Then
        EncoderCheckpoint written = EncoderCheckpoint.read(target);
        assertThat(before).hasSameSizeAs(Goldens.TEXTS);
        assertThat(written.head()).contains(SCORE);
        try (OpenModel model = new OpenModel(written, SCORE, Precision.F32)) {
            assertThat(model.logits(Goldens.TEXTS)).containsExactly(before);
        }
    }

    @Test
    void shouldSayThatItIsARegressionOfOneOutput() throws IOException {
        // When
        try (OpenModel model = new OpenModel(EncoderCheckpoint.read(Goldens.directory("bert")), SCORE, Precision.F32)) {
            model.checkpoint().write(target, model.weights(), SCORE, 24);
        }

        // Then
        JsonNode config = Json.mapper().readTree(target.resolve("config.json").toFile());
        assertThat(config.get("problem_type").asText()).isEqualTo("regression");
        assertThat(config.get("id2label")).hasSize(1);
        assertThat(config.at("/architectures/0").asText()).isEqualTo("BertForSequenceClassification");
    }

    @Test
    void shouldReadTheOneClassOfAHeadThatHasJustBegunToGrow() throws IOException {
        // Given
        OutputHead first = OutputHead.classes(List.of("alarm"));

        // When
        try (OpenModel model = new OpenModel(EncoderCheckpoint.read(Goldens.directory("bert")), first, Precision.F32)) {
            model.checkpoint().write(target, model.weights(), first, 24);
        }

        // Then
        assertThat(EncoderCheckpoint.read(target).head()).contains(first);
    }

    @Test
    void shouldNotServeClassesWithTheHeadOfARegression() throws IOException {
        // Given
        try (OpenModel model = new OpenModel(EncoderCheckpoint.read(Goldens.directory("bert")), SCORE, Precision.F32)) {
            model.checkpoint().write(target, model.weights(), SCORE, 24);
        }

        // When
        try (OpenModel model = new OpenModel(target)) {
            // Then
            assertThat(model.logits(Goldens.TEXTS)).hasSize(2 * Goldens.TEXTS.size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bert, classifier.weight, classifier.bias",
        "roberta, classifier.out_proj.weight, classifier.out_proj.bias",
        "distilbert, classifier.weight, classifier.bias"
    })
    void shouldKeepTheOldRowsOfAHeadThatGrows(String family, String matrix, String bias) {
        try (OpenModel model = new OpenModel(Goldens.directory(family))) {
            // Given
            float[] rows = model.weight(matrix);
            float[] biases = model.weight(bias);
            float[] logits = model.logits(Goldens.TEXTS);

            // When
            model.checkpoint().growHead(model.weights(), 5, new Random(3));

            // Then
            float[] grown = model.weight(matrix);
            assertThat(grown).hasSize(rows.length / 2 * 5).startsWith(rows);
            assertThat(Arrays.copyOfRange(grown, rows.length, grown.length))
                    .doesNotContain(0)
                    .doesNotHaveDuplicates();
            assertThat(model.weight(bias)).startsWith(biases).endsWith(0, 0, 0).hasSize(5);
            float[] more = model.logits(Goldens.TEXTS);
            for (int text = 0; text < Goldens.TEXTS.size(); text++) {
                assertThat(Arrays.copyOfRange(more, text * 5, text * 5 + 2))
                        .containsExactly(Arrays.copyOfRange(logits, text * 2, text * 2 + 2), within(1e-6f));
            }
        }
    }

    @Test
    void shouldDrawNewRowsFromTheGeneratorAlone() {
        // When / Then
        assertThat(grown(1)).containsExactly(grown(1)).isNotEqualTo(grown(2));
    }

    private static float[] grown(long seed) {
        try (OpenModel model = new OpenModel(Goldens.directory("bert"))) {
            model.checkpoint().growHead(model.weights(), 3, new Random(seed));
            return model.weight("classifier.weight");
        }
    }
}
