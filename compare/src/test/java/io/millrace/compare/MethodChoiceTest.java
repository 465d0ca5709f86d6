package io.millrace.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.config.ConfigException;
import io.millrace.schemas.config.ConfigFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class MethodChoiceTest {

    @Test
    void shouldTakeANameAsTheMethod() {
        // When
        MethodChoice choice = MethodChoice.parse("mask-tuning+smart");

        // Then
        assertThat(choice)
                .isEqualTo(new MethodChoice("mask-tuning+smart", Map.of("objective.method", "mask-tuning+smart")));
    }

    @ParameterizedTest
    @CsvSource({
        "mask-tuning-masked, mask-tuning, objective.maskTuning.perturbed, masked",
        "self-evolution, masked-tokens, objective.maskedTokens.masking, self-evolution",
        "excluded, masked-tokens, objective.maskedTokens.maskedEncoder, excluded",
        "experience-replay, plain, replay.share, 0.5",
        "lora, plain, tuning.mode, lora"
    })
    void shouldKnowPresets(String name, String method, String key, String value) {
        // When
        MethodChoice choice = MethodChoice.parse(name);

        // Then
        assertThat(choice).isEqualTo(new MethodChoice(name, Map.of("objective.method", method, key, value)));
    }

    @Test
    void shouldLeaveTheConfigurationAsItIs() {
        assertThat(MethodChoice.parse("configured")).isEqualTo(new MethodChoice("configured", Map.of()));
        assertThat(MethodChoice.parse("configured").described()).isEqualTo("as the configuration says");
    }

    @Test
    void shouldTakeALabelAndSettings() {
        // When
        MethodChoice choice =
                MethodChoice.parse("best=smart:objective.smoothness.weight=3:optimizer.learningRate=1e-4");

        // Then
        assertThat(choice.label()).isEqualTo("best");
        assertThat(choice.described())
                .isEqualTo("objective.method=smart, objective.smoothness.weight=3, optimizer.learningRate=1e-4");
    }

    @Test
    void shouldBeCalledByItsTextWithoutALabel() {
        // When
        MethodChoice choice = MethodChoice.parse("smart:objective.smoothness.weight=3");

        // Then
        assertThat(choice.label()).isEqualTo("smart:objective.smoothness.weight=3");
        assertThat(choice.fileName()).isEqualTo("smart_objective.smoothness.weight=3");
    }

    @Test
    void shouldSetKeysWhateverTheFileSays() {
        // Given
        ObjectNode training =
                (ObjectNode) ConfigFile.value("{encoder: here, objective: {smoothness: {weight: 1, radius: 0.5}}}");

        // When
        ObjectNode changed = MethodChoice.parse("smart:objective.smoothness.weight=3:batching.batchSize=8")
                .appliedTo(training);

        // Then
        assertThat(changed)
                .isEqualTo(ConfigFile.value(
                        "{encoder: here, objective: {smoothness: {weight: 3, radius: 0.5}, method: smart},"
                                + " batching: {batchSize: 8}}"));
        assertThat(training.path("objective").has("method")).isFalse();
    }

    @Test
    void shouldTakeARelativeEncoderFromTheWorkingDirectory() {
        // Given
        ObjectNode training = (ObjectNode) ConfigFile.value("{encoder: here}");

        // When
        ObjectNode changed = MethodChoice.parse("plain:encoder=there/encoder").appliedTo(training);

        // Then
        assertThat(changed.path("encoder").asText())
                .isEqualTo(Path.of("there/encoder").toAbsolutePath().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=plain", "best=", "plain:", "plain:key", "plain:key=", "plain:=3", "plain:seed=3"})
    void shouldRefuseWhatIsNoMethod(String text) {
        assertThatThrownBy(() -> MethodChoice.parse(text)).isInstanceOf(ConfigException.class);
    }

    @Test
    void shouldRefuseToSetAKeyBelowAValue() {
        // Given
        ObjectNode training = (ObjectNode) ConfigFile.value("{encoder: here}");

        // When / Then
        assertThatThrownBy(() -> MethodChoice.parse("plain:encoder.layers=3").appliedTo(training))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "method plain:encoder.layers=3: encoder.layers cannot be set, because encoder is not a mapping of keys");
    }

    @Test
    void shouldRefuseLabelsThatWouldShareAFile() {
        assertThatThrownBy(() -> MethodChoice.parseAll(List.of("plain", "plain")))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("got \"plain\" and \"plain\". Write LABEL=NAME.");
    }
}
