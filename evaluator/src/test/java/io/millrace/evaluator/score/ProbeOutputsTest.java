package io.millrace.evaluator.score;

import static io.millrace.evaluator.EvaluatorFixtures.example;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.LabelledExample;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class ProbeOutputsTest {

    @Test
    void shouldAskForBoundedPortionsInTheOrderOfTheExamples() {
        // Given
        List<LabelledExample> examples = IntStream.range(0, ProbeOutputs.TEXTS_PER_CALL + 1)
                .mapToObj(i -> example("" + i, "text " + i, "yes"))
                .toList();
        List<Integer> portions = new ArrayList<>();

        // When
        List<float[]> rows = ProbeOutputs.of(
                "typos",
                examples,
                texts -> {
                    portions.add(texts.size());
                    return texts.stream()
                            .map(text ->
                                    new float[] {Float.parseFloat(text.text().substring(5))})
                            .toArray(float[][]::new);
                },
                IllegalStateException::new);

        // Then
        assertThat(portions).containsExactly(ProbeOutputs.TEXTS_PER_CALL, 1);
        assertThat(rows)
                .extracting(row -> (int) row[0])
                .containsExactlyElementsOf(
                        IntStream.range(0, examples.size()).boxed().toList());
    }

    @Test
    void shouldHandOverBothTextsOfAPair() {
        // Given
        LabelledExample pair = new LabelledExample("1", "premise", "hypothesis", "yes", null, null, null);
        List<TextInput> asked = new ArrayList<>();

        // When
        ProbeOutputs.of(
                "pairs",
                List.of(pair),
                texts -> {
                    asked.addAll(texts);
                    return new float[][] {{0.5f, 0.5f}};
                },
                IllegalStateException::new);

        // Then
        assertThat(asked).containsExactly(new TextInput("premise", "hypothesis"));
    }

    @Test
    void shouldRefuseOutputsThatAreNotFinite() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> ProbeOutputs.requireFinite(
                        "probe set typos",
                        List.of(example("1", "text", "yes")),
                        List.of(new float[] {0.5f, Float.NaN}),
                        IllegalStateException::new))
                .withMessage("the model gives no finite number for example 1 of probe set typos, got NaN");
    }
}
