package io.millrace.app.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

class PredictionTest {

    private static final List<String> LABELS = List.of("negative", "neutral", "positive");

    private final List<TextInput> asked = new ArrayList<>();
    private final List<Prediction> answers = new ArrayList<>();

    @Test
    void shouldPrintOnlyLabelAndProbabilitiesAsJson() {
        // Given
        Prediction prediction = LabelPrediction.of(new TextInput("fine", null), LABELS, new float[] {0.25f, 0, 0.75f});

        // When
        String json = Json.write(prediction.answer());

        // Then
        assertThat(json)
                .isEqualTo(
                        "{\"label\":\"positive\",\"probabilities\":{\"negative\":0.25,\"neutral\":0.0,\"positive\":0.75}}");
    }

    @Test
    void shouldPrintTheMostProbableLabelsFirst() {
        // Given
        Prediction prediction = LabelPrediction.of(new TextInput("fine", null), LABELS, new float[] {0.25f, 0, 0.75f});

        // When
        List<String> lines = prediction.lines(2);

        // Then
        assertThat(lines).containsExactly("fine", "  positive  75.0 %", "  negative  25.0 %");
    }

    @Test
    void shouldPrintTheNumberOfARegression() {
        // Given
        Prediction prediction = new ScorePrediction(new TextInput("fine", "well"), 3.25f);

        // When / Then
        assertThat(Json.write(prediction.answer())).isEqualTo("{\"score\":3.25}");
        assertThat(prediction.lines(2)).containsExactly("fine | well", "  3.250");
    }

    @Test
    void shouldReadPairsOneTextAfterTheOther() {
        // When
        run(true).classify(List.of("a", "b", "c", "d"));

        // Then
        assertThat(asked).containsExactly(new TextInput("a", "b"), new TextInput("c", "d"));
    }

    @Test
    void shouldRefuseHalfAPair() {
        // When
        var thrown = assertThatThrownBy(() -> run(true).classify(List.of("a", "b", "c")));

        // Then
        thrown.hasMessage("a pair needs two texts, got only \"c\"");
    }

    @Test
    void shouldAnswerEveryLineInOrder() throws IOException {
        // Given
        BufferedReader lines = new BufferedReader(new StringReader("a\nb\nc\n"));

        // When
        run(false).classify(lines);

        // Then
        assertThat(answers).extracting(answer -> answer.input().text()).containsExactly("a", "b", "c");
    }

    private PredictionRun run(boolean pairs) {
        Function<List<TextInput>, List<Prediction>> model = inputs -> {
            asked.addAll(inputs);
            return inputs.stream()
                    .<Prediction>map(input -> LabelPrediction.of(input, LABELS, new float[] {1, 0, 0}))
                    .toList();
        };
        return new PredictionRun(model, pairs, answers::add);
    }
}
