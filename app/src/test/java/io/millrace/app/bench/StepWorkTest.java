package io.millrace.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.encoder.config.EncoderConfig;
import io.millrace.schemas.json.Json;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ObjectiveConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class StepWorkTest {

    /** Three layers of width 32, inner width 64. */
    private static final EncoderConfig BERT =
            EncoderConfig.read(Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert"));

    @Test
    void shouldCountTheProductsOfEveryLayerAndOfTheHead() {
        // Given
        double width = BERT.shape().width();
        double layer = (5 + 3) * (8 * width * width + 4 * width * BERT.inner()) + (25 + 9) * 4 * width;
        double keysAndValues = (5 + 3) * 4 * width * width;
        double firsts = 2 * (4 * width * width + 4 * width * BERT.inner()) + (5 + 3) * 4 * width;
        double head = 2 * (2 * width * width + 2 * width * 7);

        // When
        double gflop = new StepWork(BERT, 7).gflop(ObjectiveConfig.of(Method.PLAIN), List.of(5, 3));

        // Then
        assertThat(gflop * 1e9)
                .isCloseTo(3 * ((BERT.shape().layers() - 1) * layer + keysAndValues + firsts + head), within(1e-3));
    }

    @ParameterizedTest
    @CsvSource({
        "plain, 3",
        "masked-tokens, 6",
        "mask-tuning, 6",
        "smart, 9",
        "masked-tokens+smart, 12",
        "mask-tuning+smart, 15"
    })
    void shouldCountThePassesOfTheMethod(String method, int passes) {
        assertThat(StepWork.passes(ObjectiveConfig.of(Method.of(method)))).isEqualTo(passes);
    }

    @Test
    void shouldCountThePassThatLooksForHardTokens() {
        // Given
        ObjectiveConfig random = ObjectiveConfig.of(Method.MASKED_TOKENS);
        ObjectiveConfig hard = Json.mapper()
                .convertValue(
                        Map.of(
                                "method",
                                "masked-tokens",
                                "maskedTokens",
                                Map.of(
                                        "masking",
                                        "self-evolution",
                                        "maskingRate",
                                        random.maskedTokens().maskingRate())),
                        ObjectiveConfig.class);
        StepWork work = new StepWork(BERT, 2);
        double width = BERT.shape().width();

        // When
        double more = work.gflop(hard, List.of(100)) - work.gflop(random, List.of(100));

        // Then
        double layer = 100 * (8 * width * width + 4 * width * BERT.inner()) + 4e4 * width;
        double first = 4 * width * width + 4 * width * BERT.inner() + 4 * 100 * width;
        double heads = 2 * width * width + 2 * width * 2 + 100 * (2 * width * width + 2 * width * BERT.vocabulary());
        assertThat(StepWork.passes(hard)).isEqualTo(StepWork.passes(random) + 1);
        assertThat(more * 1e9).isCloseTo(BERT.shape().layers() * layer + first + heads, within(1e-3));
    }

    @Test
    void shouldCountTheTokenHeadOnMaskedTokensAlone() {
        // Given
        List<Integer> lengths = List.of(100);
        StepWork work = new StepWork(BERT, 2);
        double width = BERT.shape().width();
        double masked =
                100 * ObjectiveConfig.of(Method.MASK_TUNING).maskedTokens().maskingRate();

        // When
        double more = work.gflop(ObjectiveConfig.of(Method.MASK_TUNING), lengths)
                - 2 * work.gflop(ObjectiveConfig.of(Method.PLAIN), lengths);

        // Then
        double lastLayer = 4 * width * width + 4 * width * BERT.inner() + 100 * 4 * width;
        assertThat(more * 1e9)
                .isCloseTo(3 * masked * (lastLayer + 2 * width * width + 2 * width * BERT.vocabulary()), within(1e-3));
    }
}
