package io.millrace.trainer.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.Sha256;
import io.millrace.schemas.store.UnusableCheckpointException;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.DecoderConfig;
import io.millrace.trainer.config.MaskedTokensConfig;
import io.millrace.trainer.config.MaskedTokensConfig.MaskedEncoder;
import io.millrace.trainer.config.MaskedTokensConfig.Masking;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ObjectiveConfig;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.config.TrainingConfigs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class PreTrainingTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"RANDOM, STANDARD", "SELF_EVOLUTION, STANDARD", "RANDOM, EXCLUDED", "SELF_EVOLUTION, EXCLUDED"})
    void shouldGoOnAfterAResumeAsIfItHadNeverStopped(Masking masking, MaskedEncoder encoder) throws IOException {
        // Given
        TrainingConfig config = config(untrained(), masking, encoder, 1);
        Path whole;
        try (Learner learner = Learner.ofTexts(config, TextPhase.BOTH)) {
            train(learner, 1, 4);
            whole = saved(learner, "whole");
        }

        // When
        Path half;
        Path resumed;
        try (Learner learner = Learner.ofTexts(config, TextPhase.BOTH)) {
            train(learner, 1, 2);
            half = saved(learner, "half");
        }
        try (Learner learner = Learner.resumeOfTexts(config, TextPhase.BOTH, half, 2)) {
            train(learner, 3, 4);
            resumed = saved(learner, "resumed");
        }

        // Then
        for (String file : List.of(EncoderCheckpoint.WEIGHTS_FILE, ModelState.OPTIMIZER_FILE)) {
            assertThat(Sha256.of(resumed.resolve(file))).as(file).isEqualTo(Sha256.of(whole.resolve(file)));
            assertThat(Sha256.of(half.resolve(file))).as(file).isNotEqualTo(Sha256.of(whole.resolve(file)));
        }
        assertThat(Files.exists(resumed.resolve(ModelState.DECODER_FILE))).isEqualTo(encoder == MaskedEncoder.EXCLUDED);
    }

    @Test
    void shouldLearnToPredictMaskedTokens() {
        // Given
        TrainingConfig config = config(Sentiments.golden("bert"), Masking.RANDOM, MaskedEncoder.STANDARD, 1);
        try (Learner learner = Learner.ofTexts(config, TextPhase.BOTH)) {
            double before = train(learner, 1, 1);

            // When
            for (int i = 0; i < 80; i++) {
                train(learner, 1, 1);
            }

            // Then
            assertThat(train(learner, 1, 1)).isLessThan(before / 2);
        }
    }

    @ParameterizedTest
    @CsvSource({"modernbert, EXCLUDED", "xlm-roberta, STANDARD"})
    void shouldLearnToPredictMaskedTokensWithOtherFamilies(String family, MaskedEncoder encoder) {
        // Given
        TrainingConfig config = config(Sentiments.golden(family), Masking.SELF_EVOLUTION, encoder, 1);
        try (Learner learner = Learner.ofTexts(config, TextPhase.BOTH)) {
            double before = train(learner, 1, 1);

            // When
            for (int i = 0; i < 25; i++) {
                train(learner, 1, 1);
            }

            // Then
            assertThat(train(learner, 1, 1)).isLessThan(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"modernbert", "xlm-roberta"})
    void shouldTrainTheHeadAloneOfOtherFamilies(String family) {
        // Given a head that some families share with the class scores
        TrainingConfig config = config(Sentiments.golden(family), Masking.RANDOM, MaskedEncoder.STANDARD, 1);
        try (Learner learner = Learner.ofTexts(config, TextPhase.HEAD)) {
            TokenHeadStart.fromFrequencies(learner, Sentiments.texts(1));
            double before = train(learner, 1, 1);

            // When
            for (int i = 0; i < 25; i++) {
                train(learner, 1, 1);
            }

            // Then
            assertThat(train(learner, 1, 1)).isLessThan(before);
            assertThat(learner.state().weights().ofTokenHead()).hasSizeGreaterThan(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"electra", "deberta-v2"})
    void shouldRefuseAFamilyWithoutAMaskedTokenHead(String family) {
        // Given
        TrainingConfig config = config(Sentiments.golden(family), Masking.RANDOM, MaskedEncoder.STANDARD, 1);

        // When / Then
        assertThatThrownBy(() -> Learner.ofTexts(config, TextPhase.BOTH))
                .isInstanceOf(UnusableCheckpointException.class)
                .hasMessageContaining("pre-training predicts masked tokens, but the family " + family
                        + " is pre-trained without a masked-token head");
    }

    @ParameterizedTest
    @CsvSource({"STANDARD, BOTH", "STANDARD, HEAD", "EXCLUDED, BOTH", "EXCLUDED, HEAD"})
    void shouldPassUnharmedThroughTextsThatHaveNothingToMask(MaskedEncoder encoder, TextPhase phase) {
        // Given
        TrainingConfig config = config(Sentiments.golden("bert"), Masking.SELF_EVOLUTION, encoder, 1);
        try (Learner learner = Learner.ofTexts(config, phase)) {

            // When
            StepResult result =
                    learner.learn(List.of(), List.of(new UnlabelledText("1", ""), new UnlabelledText("2", "")));

            // Then
            assertThat(result.applied()).isTrue();
            assertThat(result.totalLoss()).isZero();
            assertThat(result.gradNorm()).isZero();
        }
    }

    @Test
    void shouldWriteAnEncoderThatATaskCanStartFrom() throws IOException {
        // Given
        Path trained;
        try (Learner learner =
                Learner.ofTexts(config(untrained(), Masking.RANDOM, MaskedEncoder.EXCLUDED, 1), TextPhase.BOTH)) {
            train(learner, 1, 2);
            trained = saved(learner, "trained");
        }

        // When
        StepResult result;
        try (Learner learner = Learner.start(
                Sentiments.task(Method.MASK_TUNING_SMART, trained, 1, new CheckpointConfig(null, null, null, null)))) {
            result = learner.learn(Sentiments.batch(1), List.of());
        }

        // Then
        JsonNode config = Json.mapper().readTree(trained.resolve("config.json").toFile());
        assertThat(config.at("/architectures/0").asText()).isEqualTo("BertForMaskedLM");
        assertThat(EncoderCheckpoint.read(trained).hasTokenHead()).isTrue();
        assertThat(EncoderCheckpoint.read(trained).head()).isEmpty();
        assertThat(result.applied()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 1"})
    void shouldRefuseToResumeWithAnotherDecoder(int layers, int later) throws IOException {
        // Given
        TrainingConfig config = config(Sentiments.golden("bert"), Masking.RANDOM, MaskedEncoder.EXCLUDED, layers);
        TrainingConfig other = config(Sentiments.golden("bert"), Masking.RANDOM, MaskedEncoder.EXCLUDED, later);
        Path half;
        try (Learner learner = Learner.ofTexts(config, TextPhase.BOTH)) {
            half = saved(learner, "half");
        }

        // When / Then
        assertThatThrownBy(() -> Learner.resumeOfTexts(other, TextPhase.BOTH, half, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(half.resolve(ModelState.DECODER_FILE).toString())
                .hasMessageContaining("Keep objective.maskedTokens.decoder as it was");
    }

    private static TrainingConfig config(Path encoder, Masking masking, MaskedEncoder maskedEncoder, int layers) {
        TrainingConfig config = Sentiments.task(Method.PLAIN).training();
        return TrainingConfigs.like(config, encoder)
                .withObjective(new ObjectiveConfig(
                        null,
                        new MaskedTokensConfig(
                                null, 0.3, masking, maskedEncoder, null, null, new DecoderConfig(layers, 3)),
                        null,
                        null,
                        null))
                .build();
    }

    /** A configuration and a tokenizer, no weights. */
    private Path untrained() throws IOException {
        Path encoder = Files.createDirectory(directory.resolve("encoder"));
        for (String name : List.of("config.json", "tokenizer.json")) {
            Files.copy(Sentiments.golden("bert").resolve(name), encoder.resolve(name));
        }
        return encoder;
    }

    /** Trains the mini-batches of these numbers, and gives the last loss. */
    private static double train(Learner learner, int first, int last) {
        double loss = Double.NaN;
        for (int number = first; number <= last; number++) {
            StepResult result = learner.learn(List.of(), Sentiments.texts(number));
            assertThat(result.applied()).isTrue();
            loss = result.totalLoss();
        }
        return loss;
    }

    private Path saved(Learner learner, String name) throws IOException {
        Path target = Files.createDirectory(directory.resolve(name));
        learner.save(target);
        return target;
    }
}
