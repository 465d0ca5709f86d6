package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.millrace.encoder.torchscript.GradMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

class ForwardPassTest {

    private static final float SAME = 1e-5f;
    private static final float NEAR = 0.1f;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "distilbert", "modernbert", "electra", "deberta-v2"})
    void shouldGiveEachExampleTheLogitsThatItHasAlone(String family) {
        try (OpenModel model = new OpenModel(Goldens.directory(family))) {
            // When
            float[] together = model.logits(Goldens.TEXTS);

            // Then
            for (int i = 0; i < Goldens.TEXTS.size(); i++) {
                float[] alone = model.logits(List.of(Goldens.TEXTS.get(i)));
                for (int label = 0; label < alone.length; label++) {
                    assertThat(together[i * alone.length + label]).isCloseTo(alone[label], within(SAME));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "distilbert", "modernbert", "electra", "deberta-v2"})
    void shouldComeNearWithBrainFloats(String family) {
        // Given
        float[] exact;
        try (OpenModel model = new OpenModel(Goldens.directory(family))) {
            exact = model.logits(Goldens.TEXTS);
        }

        // When
        float[] rounded;
        try (OpenModel model = new OpenModel(Goldens.directory(family), Goldens.LABELS, Precision.BF16)) {
            rounded = model.logits(Goldens.TEXTS);
        }

        // Then
        assertThat(rounded).hasSameSizeAs(exact).isNotEqualTo(exact);
        for (int i = 0; i < exact.length; i++) {
            assertThat(rounded[i]).isCloseTo(exact[i], within(NEAR));
        }
    }

    @Test
    void shouldGiveTheSameLogitsInTrainingWhenNothingDropsOut() throws IOException {
        // Given a probability so small that no mask drops anything, and the masked passes still run
        Goldens.copy("bert", directory);
        Goldens.editConfig(directory, config -> config.put("hidden_dropout_prob", 1e-9)
                .put("attention_probs_dropout_prob", 1e-9)
                .put("classifier_dropout", 0.0));

        // When
        float[] training;
        float[] inference;
        try (OpenModel model = new OpenModel(directory)) {
            training = model.trainingLogits(Goldens.TEXTS, 1);
            inference = model.logits(Goldens.TEXTS);
        }

        // Then
        assertThat(training).containsExactly(inference, within(SAME));
    }

    @Test
    void shouldPoolTheTokensOfEachExampleAlone() throws IOException {
        // Given
        Goldens.copy("modernbert", directory);
        float[] first = logits(Goldens.TEXTS);
        Goldens.editConfig(directory, config -> config.put("classifier_pooling", "mean"));

        // When
        float[] mean = logits(Goldens.TEXTS);

        // Then
        assertThat(mean).isNotEqualTo(first);
        for (int i = 0; i < Goldens.TEXTS.size(); i++) {
            float[] alone = logits(List.of(Goldens.TEXTS.get(i)));
            assertThat(alone).containsExactly(Arrays.copyOfRange(mean, 2 * i, 2 * i + 2), within(SAME));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedding_dropout", "attention_dropout", "mlp_dropout", "classifier_dropout"})
    void shouldDropOutWhereAModernBertSays(String key) throws IOException {
        // Given
        Goldens.copy("modernbert", directory);
        float[] without = logits(Goldens.TEXTS);

        // When
        Goldens.editConfig(directory, config -> config.put(key, 0.5));
        float[] training;
        try (OpenModel model = new OpenModel(directory)) {
            training = model.trainingLogits(Goldens.TEXTS, 1);
        }

        // Then
        assertThat(training).isNotEqualTo(without);
        assertThat(logits(Goldens.TEXTS)).containsExactly(without);
    }

    private float[] logits(List<String> texts) {
        try (OpenModel model = new OpenModel(directory)) {
            return model.logits(texts);
        }
    }

    /** libtorch's executor loses casts on a thread that has not been told to leave them alone, once it has seen a few passes. */
    @Test
    void shouldRunBackwardInBrainFloatsOnAnyThread() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (OpenModel model = new OpenModel(Goldens.directory("modernbert"), Goldens.LABELS, Precision.BF16)) {
            for (int i = 0; i < 4; i++) {
                // When
                int gradients = thread.submit(() -> gradients(model)).get();

                // Then
                assertThat(gradients).isPositive();
            }
        } finally {
            thread.shutdown();
        }
    }

    private static int gradients(OpenModel model) {
        try (GradMode on = GradMode.on();
                NDManager scope = model.encoder().manager().newSubManager()) {
            TextBatch batch = model.encoder().pack(scope, model.tokens(Goldens.TEXTS));
            ForwardPass pass = model.encoder().trainingPass(scope, model.prepared(scope), new Random(1));
            return pass.gradients(pass.classLogits(batch).square().sum())
                    .leaves()
                    .size();
        }
    }

    @Test
    void shouldDropOutInTrainingByTheGeneratorAlone() {
        // When
        try (OpenModel model = new OpenModel(Goldens.directory("bert"))) {
            float[] training = model.trainingLogits(Goldens.TEXTS, 1);

            // Then
            assertThat(training).isNotEqualTo(model.logits(Goldens.TEXTS));
            assertThat(model.trainingLogits(Goldens.TEXTS, 1)).containsExactly(training);
            assertThat(model.trainingLogits(Goldens.TEXTS, 2)).isNotEqualTo(training);
        }
    }
}
