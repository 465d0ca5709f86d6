package io.millrace.trainer.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.TextBatch;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.schemas.UnlabelledText;
import io.millrace.trainer.Headless;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.config.MaskedTokensConfig;
import io.millrace.trainer.config.MaskedTokensConfig.MaskedEncoder;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ObjectiveConfig;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.config.TrainingConfigs;
import io.millrace.trainer.objective.StepRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Training of a masked-token head on an encoder that stays as it is. */
class FrozenEncoderTrainingTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldChangeTheHeadAlone(MaskedEncoder encoder) throws IOException {
        // Given
        Path headless = Headless.bert(folder.resolve("headless"));
        Path saved = Files.createDirectory(folder.resolve("saved"));

        // When
        try (Learner learner = Learner.ofTexts(config(headless, encoder), TextPhase.HEAD)) {
            for (int step = 1; step <= 3; step++) {
                assertThat(learner.learn(List.of(), Sentiments.texts(step)).gradNorm())
                        .isPositive();
            }
            learner.save(saved);
        }

        // Then every weight that the encoder came with has its bytes
        Map<String, ByteBuffer> before = weights(headless);
        Map<String, ByteBuffer> after = weights(saved);
        before.keySet().removeIf(name -> name.startsWith("classifier.") || name.contains("pooler"));
        assertThat(after).containsAllEntriesOf(before);
        assertThat(after.keySet()).filteredOn(name -> name.startsWith("cls.")).hasSize(5);
        assertThat(weightsOf(saved.resolve(ModelState.OPTIMIZER_FILE)).keySet())
                .allMatch(name -> name.contains("_moment.cls.") || name.contains("_moment.decoder."))
                .hasSize(encoder == MaskedEncoder.STANDARD ? 10 : 10 + 2 * (3 + 2 * 16));
    }

    @Test
    void shouldRecordNoGraphOfTheEncoder() {
        // Given
        TrainingConfig config = config(Sentiments.golden("bert"), MaskedEncoder.STANDARD);
        try (Learner frozen = Learner.ofTexts(config, TextPhase.HEAD);
                Learner whole = Learner.ofTexts(config, TextPhase.BOTH)) {

            // When / Then
            assertThat(embeddingGradient(whole)).isNotEqualTo(0);
            assertThatThrownBy(() -> embeddingGradient(frozen))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("does not require grad");
        }
    }

    @Test
    void shouldAnswerWithFrequentTokensBeforeAnyStep() throws IOException {
        // Given texts in which one word is very frequent
        List<UnlabelledText> texts = IntStream.range(0, 40)
                .mapToObj(i -> new UnlabelledText("" + i, "good good good good good good good bad " + i))
                .toList();
        List<String> asked = texts.stream().map(UnlabelledText::text).toList();
        TrainingConfig config = config(Headless.bert(folder.resolve("headless")), MaskedEncoder.STANDARD);
        try (Learner learner = Learner.ofTexts(config, TextPhase.HEAD)) {
            MaskedTokenAnswers drawn = TokenHeadTest.of(learner, asked);

            // When
            TokenHeadStart.fromFrequencies(learner, texts);

            // Then
            MaskedTokenAnswers warm = TokenHeadTest.of(learner, asked);
            assertThat(warm.masked()).isEqualTo(drawn.masked()).isBetween(40, warm.maskable());
            assertThat(warm.loss()).isLessThan(drawn.loss());
            assertThat(warm.of100(warm.right())).isGreaterThan(drawn.of100(drawn.right()));
            assertThat(warm.of100(warm.mostFrequent())).isBetween(30.0, 100.0);
        }
    }

    @Test
    void shouldAskTheSameQuestionsEveryTime() {
        // Given
        List<String> asked = new ArrayList<>();
        IntStream.range(0, 70).forEach(i -> asked.add(Sentiments.text(i).text()));
        try (Learner learner =
                Learner.ofTexts(config(Sentiments.golden("bert"), MaskedEncoder.STANDARD), TextPhase.BOTH)) {

            // When
            MaskedTokenAnswers first = TokenHeadTest.of(learner, asked);

            // Then
            assertThat(TokenHeadTest.of(learner, asked)).isEqualTo(first);
            assertThat(first.masked()).isGreaterThanOrEqualTo(70);
        }
    }

    @Test
    void shouldRefuseATokenizerWithoutAMaskToken() throws IOException {
        // Given
        Path encoder = Headless.bert(folder.resolve("headless"));
        Path tokenizer = encoder.resolve("tokenizer.json");
        Files.writeString(tokenizer, Files.readString(tokenizer).replace("[MASK]", "[HIDE]"));

        // When / Then
        assertThatThrownBy(() -> Learner.ofTexts(config(encoder, MaskedEncoder.STANDARD), TextPhase.HEAD))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(encoder + ": pre-training masks tokens, but the tokenizer has no [MASK]");
    }

    /** A number from the gradient of the encoder's output with respect to the word embeddings. */
    private static float embeddingGradient(Learner learner) {
        ModelState state = learner.state();
        try (GradMode on = GradMode.on();
                NDManager scope = state.encoder().manager().newSubManager()) {
            List<TokenizedText> texts = state.tokenizer().tokenize(List.of(new TextInput("warm and quiet", null)));
            ForwardPass pass = state.prepare(scope, texts)
                    .passes(scope, new StepRandom(1, 1))
                    .current();
            TextBatch batch = state.encoder().pack(scope, texts);
            NDArray words = pass.wordEmbeddings(batch);
            return pass.inputGradient(pass.hidden(batch, words).square().sum(), words)
                    .abs()
                    .sum()
                    .getFloat();
        }
    }

    private static TrainingConfig config(Path encoder, MaskedEncoder maskedEncoder) {
        return TrainingConfigs.like(Sentiments.task(Method.PLAIN).training(), encoder)
                .withObjective(new ObjectiveConfig(
                        null,
                        new MaskedTokensConfig(null, 0.3, null, maskedEncoder, null, null, null),
                        null,
                        null,
                        null))
                .build();
    }

    private static Map<String, ByteBuffer> weights(Path checkpoint) throws IOException {
        return weightsOf(checkpoint.resolve("model.safetensors"));
    }

    private static Map<String, ByteBuffer> weightsOf(Path path) throws IOException {
        Map<String, ByteBuffer> weights = new TreeMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            for (String name : file.entries().keySet()) {
                ByteBuffer floats = file.floats(name);
                weights.put(
                        name,
                        ByteBuffer.allocate(floats.remaining()).put(floats).flip());
            }
        }
        return weights;
    }
}
