package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.safetensors.TensorType;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.store.UnusableCheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

class TextClassifierTest {

    private static final Compute CPU = new Compute("cpu", Precision.F32);
    private static final int MORE_THAN_ONE_PASS = 150;

    @TempDir
    private Path directory;

    @Test
    void shouldGiveProbabilitiesForTheLabelsOfTheCheckpoint() throws IOException {
        // Given
        Goldens.classifier("distilbert", directory);
        try (TextClassifier classifier = TextClassifier.load(directory, CPU)) {

            // When
            float[][] probabilities = classifier.probabilities(inputs(Goldens.TEXTS));

            // Then
            assertThat(classifier.labels()).isEqualTo(Goldens.LABELS);
            assertThat(probabilities).hasDimensions(Goldens.TEXTS.size(), 2);
            for (float[] row : probabilities) {
                assertThat(row[0] + row[1]).isCloseTo(1f, within(1e-6f));
            }
            float[] logits = logits();
            assertThat(Math.log(probabilities[0][1] / probabilities[0][0]))
                    .isCloseTo(logits[1] - logits[0], within(1e-4));
        }
    }

    @Test
    void shouldAnswerInTheOrderOfTheInputsWhateverTheirLengths() throws IOException {
        // Given
        Random random = new Random(1);
        List<TextInput> inputs = inputs(IntStream.range(0, MORE_THAN_ONE_PASS)
                .mapToObj(i -> "word " + "ever so long ".repeat(random.nextInt(5)) + i)
                .toList());
        Goldens.classifier("bert", directory);
        try (TextClassifier classifier = TextClassifier.load(directory, CPU)) {

            // When
            float[][] probabilities = classifier.probabilities(inputs);

            // Then
            for (int i = 0; i < inputs.size(); i += 7) {
                float[] alone = classifier.probabilities(List.of(inputs.get(i)))[0];
                assertThat(probabilities[i]).as("input %d", i).containsExactly(alone, within(1e-6f));
            }
        }
    }

    @Test
    void shouldCountTheTextsThatItCut() throws IOException {
        // Given
        Goldens.classifier("bert", directory);
        try (TextClassifier classifier = TextClassifier.load(directory, CPU)) {

            // When
            classifier.probabilities(inputs(List.of("short", "ever so long ".repeat(30))));
            classifier.probabilities(inputs(List.of("ever so long ".repeat(30))));

            // Then
            assertThat(classifier.maxTokens()).isEqualTo(24);
            assertThat(classifier.truncated()).isEqualTo(2);
        }
    }

    @Test
    void shouldHaveNothingToSayAboutNothing() throws IOException {
        // Given
        Goldens.classifier("bert", directory);
        try (TextClassifier classifier = TextClassifier.load(directory, CPU)) {

            // When / Then
            assertThat(classifier.probabilities(List.of())).isEmpty();
        }
    }

    @Test
    void shouldGiveTheScoresOfARegression() throws IOException {
        // Given
        try (OpenModel model =
                new OpenModel(EncoderCheckpoint.read(Goldens.directory("bert")), OutputHead.score(), Precision.F32)) {
            model.checkpoint().write(directory, model.weights(), OutputHead.score(), 24);
            try (TextClassifier classifier = TextClassifier.load(directory, CPU)) {

                // When
                float[] scores = classifier.scores(inputs(Goldens.TEXTS));

                // Then
                assertThat(classifier.isRegression()).isTrue();
                assertThat(classifier.labels()).isEmpty();
                assertThat(scores).containsExactly(model.logits(Goldens.TEXTS), within(1e-6f));
                assertThatThrownBy(() -> classifier.probabilities(inputs(Goldens.TEXTS)))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("a regression model has no class probabilities: read its scores");
            }
        }
    }

    @Test
    void shouldHaveNoScoresForClasses() throws IOException {
        // Given
        Goldens.classifier("bert", directory);
        try (TextClassifier classifier = TextClassifier.load(directory, CPU)) {

            // When / Then
            assertThatThrownBy(() -> classifier.scores(inputs(Goldens.TEXTS)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a classifier has no scores: read its class probabilities");
        }
    }

    @Test
    void shouldRefuseACheckpointWithoutAHead() throws IOException {
        // Given
        Goldens.classifier("bert", directory);
        HandMade.rewrite(
                directory.resolve(EncoderCheckpoint.WEIGHTS_FILE),
                TensorType.F32,
                name -> name.replace("classifier.", "qa_outputs."));

        // When / Then
        assertThatThrownBy(() -> TextClassifier.load(directory, CPU))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("it needs the classification head of a BertForSequenceClassification");
    }

    private static float[] logits() {
        try (OpenModel model = new OpenModel(Goldens.directory("distilbert"))) {
            return model.logits(Goldens.TEXTS);
        }
    }

    private static List<TextInput> inputs(List<String> texts) {
        return texts.stream().map(text -> new TextInput(text, null)).toList();
    }
}
