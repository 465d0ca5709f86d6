package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.encoder.config.OutputHead;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class InferenceTest {

    private static final OutputHead CLASSES = OutputHead.classes(Goldens.LABELS);
    private static final int MORE_THAN_ONE_PASS = 130;

    @Test
    void shouldGiveProbabilitiesOfClasses() {
        try (OpenModel model = new OpenModel(Goldens.directory("bert"))) {
            // When
            float[][] rows = outputs(model, CLASSES, Goldens.TEXTS);

            // Then
            float[] logits = model.logits(Goldens.TEXTS);
            for (int i = 0; i < rows.length; i++) {
                assertThat(rows[i][0] + rows[i][1]).isCloseTo(1, within(1e-6f));
                assertThat(Math.log(rows[i][1] / rows[i][0]))
                        .isCloseTo(logits[2 * i + 1] - logits[2 * i], within(1e-4));
            }
        }
    }

    @Test
    void shouldGiveScoresAsTheyAre() {
        try (OpenModel model =
                new OpenModel(EncoderCheckpoint.read(Goldens.directory("bert")), OutputHead.score(), Precision.F32)) {
            // When
            float[][] rows = outputs(model, OutputHead.score(), Goldens.TEXTS);

            // Then
            float[] scores = model.logits(Goldens.TEXTS);
            for (int i = 0; i < rows.length; i++) {
                assertThat(rows[i]).containsExactly(new float[] {scores[i]}, within(1e-5f));
            }
        }
    }

    @Test
    void shouldAnswerInTheOrderOfTheTextsWhateverTheirLengths() {
        // Given
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < MORE_THAN_ONE_PASS; i++) {
            texts.add("so ".repeat(i % 9) + i);
        }
        try (OpenModel model = new OpenModel(Goldens.directory("bert"))) {
            // When
            float[][] rows = outputs(model, CLASSES, texts);

            // Then
            for (int i = 0; i < texts.size(); i += 11) {
                assertThat(rows[i])
                        .as("text %d", i)
                        .containsExactly(outputs(model, CLASSES, List.of(texts.get(i)))[0], within(1e-6f));
            }
        }
    }

    @Test
    void shouldHaveNothingToSayAboutNothing() {
        try (OpenModel model = new OpenModel(Goldens.directory("bert"))) {
            // When / Then
            assertThat(outputs(model, CLASSES, List.of())).isEmpty();
        }
    }

    private static float[][] outputs(OpenModel model, OutputHead head, List<String> texts) {
        return Inference.of(model.encoder(), model.weights(), head, model.tokens(texts));
    }
}
