package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TuningTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"rank\":0} | tuning.rank must be in [1, 1024], got 0",
                "{\"alpha\":0} | tuning.alpha must be above 0, got 0.0",
                "{\"dropout\":1} | tuning.dropout must be in [0, 1), got 1.0",
                "{\"targets\":[]} | tuning.targets must be at least one name, got none",
                "{\"mode\":\"layers\"} | tuning.layers must be the number of top layers to train, at least 1, where tuning.mode is layers, got nothing",
                "{\"mode\":\"layers\",\"layers\":0} | at least 1, where tuning.mode is layers, got 0",
                "\"adapters\" | tuning must be one of full, lora, layers"
            })
    void shouldRefuseWhatCannotBe(String json, String message) {
        assertThatThrownBy(() -> Json.mapper().readValue(json, Tuning.class)).hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"lora\"", "{\"mode\":\"lora\"}", "{\"mode\":\"lora\",\"rank\":8,\"alpha\":16}"})
    void shouldReadAModeAloneOrAMapping(String json) throws JsonProcessingException {
        // When
        Tuning tuning = Json.mapper().readValue(json, Tuning.class);

        // Then
        assertThat(tuning).isEqualTo(Tuning.of("lora"));
        assertThat(Json.mapper().readValue(Json.write(tuning), Tuning.class)).isEqualTo(tuning);
    }

    @Test
    void shouldAdaptTheMatrixThatHoldsQueriesKeysAndValues() {
        // Given a family with one matrix for all three
        EncoderCheckpoint modern = EncoderCheckpoint.read(Goldens.directory("modernbert"));

        // When
        Adaptation adaptation = Adaptation.of(modern.config(), Tuning.of("lora"));

        // Then
        assertThat(adaptation.matrices().stream().filter(Adaptation.Matrix::adapted))
                .hasSize(modern.config().shape().layers())
                .allSatisfy(matrix -> assertThat(matrix.stem()).endsWith("attn.Wqkv"));
        assertThat(adaptation.places()).containsExactly(0, -1, -1, -1);
    }
}
