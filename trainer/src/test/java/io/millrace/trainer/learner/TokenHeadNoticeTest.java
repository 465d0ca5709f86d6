package io.millrace.trainer.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.MaskedTokenScore;
import io.millrace.encoder.MaskedTokenScore.HeldOut;
import io.millrace.encoder.MaskedTokenScore.Measurement;
import io.millrace.schemas.store.Sha256;
import io.millrace.trainer.Headless;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.config.BatchingConfig;
import io.millrace.trainer.config.MaskedTokensConfig;
import io.millrace.trainer.config.MaskedTokensConfig.MaskedEncoder;
import io.millrace.trainer.config.MaskedTokensConfig.Masking;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ObjectiveConfig;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.config.TrainingConfigs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.Level;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class TokenHeadNoticeTest {

    @TempDir
    private Path folder;

    private Path headless;

    @BeforeEach
    void removeHead() throws IOException {
        headless = Headless.bert(folder.resolve("headless"));
    }

    @Test
    void shouldWarnOfAHeadThatNobodyHasTrained() {
        // When
        TokenHeadNotice notice = notice(headless, Method.MASK_TUNING).orElseThrow();

        // Then
        assertThat(notice.level()).isEqualTo(Level.WARN);
        assertThat(notice.text())
                .isEqualTo("the masked-token head of " + headless
                        + " is fresh and was never trained, so method mask-tuning learns from guesses: its loss starts near ln(262) = 5.6"
                        + " and swamps the task loss. First train a head with ./millrace pretrain, on texts like the task's, and give its"
                        + " encoder as training.encoder; or use a method without masked tokens.");
    }

    @Test
    void shouldKnowAFreshHeadAfterTrainingThatNeverReadIt() throws IOException {
        // Given
        Path saved = Files.createDirectory(folder.resolve("saved"));
        try (Learner learner = Learner.start(Sentiments.task(
                Method.PLAIN,
                headless,
                1,
                Sentiments.task(Method.PLAIN).training().checkpoints()))) {
            learner.learn(Sentiments.batch(1), List.of());
            learner.save(saved);
        }

        // When / Then
        assertThat(EncoderCheckpoint.read(saved).hasTokenHead()).isTrue();
        assertThat(notice(saved, Method.MASK_TUNING).orElseThrow().text()).contains("is fresh and was never trained");
    }

    @ParameterizedTest
    @CsvSource({"true, WARN", "false, INFO"})
    void shouldGiveTheNumberThatPretrainingHasMeasured(boolean freshHead, Level level) throws IOException {
        // Given
        Path encoder = measured(freshHead, Sha256.of(Sentiments.golden("bert").resolve("model.safetensors")));

        // When
        TokenHeadNotice notice = notice(encoder, Method.MASKED_TOKENS).orElseThrow();

        // Then
        assertThat(notice.level()).isEqualTo(level);
        assertThat(notice.text())
                .startsWith("the masked-token head of " + encoder
                        + " gets 31.3 of 100 masked tokens right, by its pre-training on 600 held-out texts (always the most"
                        + " frequent token: 4.5).");
        assertThat(notice.text().contains("It was fresh before, and method masked-tokens is as good as its answers."))
                .isEqualTo(freshHead);
    }

    @Test
    void shouldSayNothingOfAHeadThatNobodyHasMeasured() throws IOException {
        // When / Then
        assertThat(notice(Sentiments.golden("bert"), Method.MASK_TUNING)).isEmpty();
        assertThat(notice(measured(true, "of other weights"), Method.MASK_TUNING))
                .isEmpty();
        assertThat(notice(headless, Method.PLAIN)).isEmpty();
        assertThat(notice(headless, Method.SMART)).isEmpty();
    }

    @Test
    void shouldNameEverySettingThatReadsTheHead() {
        // Given
        TrainingConfig config = TrainingConfigs.plain(headless)
                .withBatching(new BatchingConfig(null, null, 0.5, null))
                .withObjective(new ObjectiveConfig(
                        Method.MASK_TUNING,
                        new MaskedTokensConfig(
                                null, null, Masking.SELF_EVOLUTION, MaskedEncoder.EXCLUDED, null, null, null),
                        null,
                        null,
                        null))
                .build();

        // When
        TokenHeadNotice notice =
                TokenHeadNotice.of(config, EncoderCheckpoint.read(headless)).orElseThrow();

        // Then
        assertThat(notice.text())
                .contains(
                        "so method mask-tuning and batching.unlabelledShare 0.5 with masking self-evolution with maskedEncoder"
                                + " excluded learns from guesses");
    }

    private static Optional<TokenHeadNotice> notice(Path encoder, Method method) {
        return TokenHeadNotice.of(
                TrainingConfigs.plain(encoder).withMethod(method).build(), EncoderCheckpoint.read(encoder));
    }

    private Path measured(boolean freshHead, String weightsSha256) throws IOException {
        Path encoder = Files.createTempDirectory(folder, "measured");
        for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            Files.copy(Sentiments.golden("bert").resolve(file), encoder.resolve(file));
        }
        new MaskedTokenScore(
                        freshHead,
                        new HeldOut(600, 5_000, 4.5),
                        List.of(new Measurement("head", 0, 0, 0.1, 10), new Measurement("both", 2, 70, 31.26, 4)),
                        weightsSha256)
                .write(encoder);
        return encoder;
    }
}
