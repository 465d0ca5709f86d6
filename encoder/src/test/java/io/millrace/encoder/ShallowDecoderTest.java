package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.safetensors.SafetensorsWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

class ShallowDecoderTest {

    @TempDir
    private Path directory;

    private OpenModel model;

    @BeforeEach
    void open() {
        model = new OpenModel(Goldens.directory("bert"));
    }

    @AfterEach
    void close() {
        model.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "distilbert", "modernbert"})
    void shouldBeAsWideAsItsEncoder(String family) {
        // Given
        try (OpenModel other = new OpenModel(Goldens.directory(family));
                ShallowDecoder decoder = decoder(other, 2, 1)) {
            EncoderConfig config = other.checkpoint().config();

            // When / Then
            assertThat(decoder.byName()).hasSize(3 + 2 * 16);
            assertThat(decoder.byName().keySet()).allMatch(name -> name.startsWith("decoder."));
            assertThat(decoder.byName()
                            .get("decoder.position_embeddings.weight")
                            .getShape()
                            .getShape())
                    .containsExactly(config.shape().positions(), config.shape().width());
            assertThat(decoder.byName()
                            .get("decoder.layer.1.intermediate.dense.weight")
                            .getShape()
                            .getShape())
                    .containsExactly(config.inner(), config.shape().width());
        }
    }

    @Test
    void shouldFollowFromTheGeneratorAlone() {
        // When / Then
        assertThat(query(decoder(model, 1, 7)))
                .containsExactly(query(decoder(model, 1, 7)))
                .isNotEqualTo(query(decoder(model, 1, 8)));
    }

    @Test
    void shouldTakeUpWhatWasWritten() throws IOException {
        // Given
        Path file = directory.resolve("decoder");
        ShallowDecoder written = decoder(model, 2, 7);
        SafetensorsWriter.write(file, written.byName());

        // When
        ShallowDecoder resumed = decoder(model, 2, 8);
        resumed.resume(file);

        // Then
        assertThat(query(resumed)).containsExactly(query(written));
    }

    @ParameterizedTest
    @CsvSource({"2, 1, '19 weights, got 35'", "1, 2, '35 weights, got 19'"})
    void shouldRefuseADecoderOfOtherLayers(int stored, int wanted, String message) throws IOException {
        // Given
        Path file = directory.resolve("decoder");
        SafetensorsWriter.write(file, decoder(model, stored, 7).byName());

        // When / Then
        assertThatThrownBy(() -> decoder(model, wanted, 7).resume(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ": expected a decoder with " + message
                        + ". Keep objective.maskedTokens.decoder as it" + " was, or start a task of another name.");
    }

    private static ShallowDecoder decoder(OpenModel of, int layers, long seed) {
        return ShallowDecoder.draw(of.checkpoint(), of.encoder().manager(), layers, new Random(seed));
    }

    private static float[] query(ShallowDecoder decoder) {
        return decoder.byName()
                .get("decoder.layer.0.attention.self.query.weight")
                .toFloatArray();
    }
}
