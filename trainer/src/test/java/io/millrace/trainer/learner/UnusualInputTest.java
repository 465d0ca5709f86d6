package io.millrace.trainer.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.millrace.encoder.Compute;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Precision;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.Weights;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.safetensors.SafetensorsWriter;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.Setup;
import io.millrace.trainer.batch.PolledRecord;
import io.millrace.trainer.config.BatchingConfig;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ObjectiveConfig;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.config.TrainingConfigs;
import io.millrace.trainer.objective.ObjectiveTerm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What is legal, if odd, is trained by every method; what is not is refused with what to do. */
class UnusualInputTest {

    private static final int MAX_TOKENS = 16;

    @TempDir
    private Path directory;

    static List<Setup> setups() {
        return Setup.all();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void shouldTrainAMiniBatchOfOneExample(Setup setup) {
        // When
        StepResult result = learned(setup, setup.batches().apply(1).subList(0, 1));

        // Then
        assertTrained(result);
        assertThat(result.batch().right()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("setups")
    void shouldTrainTextsOfOneTokenOrNone(Setup setup) {
        // Given
        List<LabelledExample> batch = setup.batches().apply(1);

        // When / Then
        assertTrained(learned(setup, List.of(with(batch.get(0), ""), with(batch.get(1), "a"), batch.get(2))));
        assertTrained(learned(setup, List.of(with(batch.get(0), ""), with(batch.get(1), ""))));
    }

    @ParameterizedTest
    @MethodSource("setups")
    void shouldCutATextThatIsLongerThanTheModelReads(Setup setup) {
        // When
        StepResult result = learned(setup, List.of(with(setup.batches().apply(1).get(0), "word ".repeat(500))));

        // Then
        assertTrained(result);
        if (setup.texts().apply(1).isEmpty()) {
            assertThat(result.batch().tokens()).isEqualTo(MAX_TOKENS);
        }
    }

    @Test
    void shouldRefuseToReadMoreThanTheEncoderHasPositionsFor() {
        // Given
        TrainingConfig config = Sentiments.task(Method.PLAIN).training();
        TrainedTask task = new TrainedTask(
                Sentiments.TASK,
                TrainingConfigs.like(config)
                        .withBatching(new BatchingConfig(4, 65, null, null))
                        .build());

        // When / Then
        assertThatThrownBy(() -> Learner.start(task))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxTokens must be at most the 64 positions of the encoder");
    }

    @Test
    void shouldBeginWithOneLabelOrNoneIfTheHeadGrows() {
        for (List<String> labels : List.of(List.of("positive"), List.<String>of())) {
            // Given
            Task task = new Task("sentiment", TaskKind.SINGLE, labels, NewLabels.GROW, 10, 0.5, 1_000);
            try (Learner learner = Learner.start(Sentiments.task(task, ObjectiveConfig.of(Method.SMART)))) {
                // When
                StepResult first = learner.learn(List.of(Sentiments.labelled(1, "positive")), List.of());
                StepResult second = learner.learn(List.of(Sentiments.labelled(2, "negative")), List.of());

                // Then
                assertTrained(first);
                assertThat(first.batch().right()).as("there is one label only").containsExactly(true);
                assertTrained(second);
                assertThat(learner.labels()).containsExactly("positive", "negative");
                assertThat(learner.outputs(List.of(new TextInput("a", null)))).hasDimensions(1, 2);
            }
        }
    }

    @Test
    void shouldStartAMaskedTokenHeadWhereTheCheckpointHasNone() throws IOException {
        // Given
        TrainedTask task = Sentiments.task(
                Method.MASK_TUNING, withoutTokenHead(), 1, new CheckpointConfig(null, null, null, null));

        // When
        StepResult result;
        try (Learner learner = Learner.start(task)) {
            result = learner.learn(Sentiments.batch(1), List.of());
        }

        // Then its loss is near that of guessing among all 262 tokens
        assertTrained(result);
        assertThat(result.terms().get(ObjectiveTerm.MASKED_TOKEN_LOSS)).isCloseTo(Math.log(262), within(1.5));
    }

    @Test
    void shouldNameTheExampleWhoseLabelIsNotOfTheModel() {
        // Given
        LabelledExample example = Sentiments.labelled(5, "a word");
        Task regression = new Task("score", TaskKind.REGRESSION, List.of(), 1_000);
        OutputHead head = OutputHead.classes(Sentiments.TASK.labels());

        // When / Then
        assertThatThrownBy(() -> Collator.target(example, head))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("example 5 has the label \"a word\", which is none of the model's");
        assertThat(new PolledRecord(0, new byte[0]).example(regression.kind())).isEmpty();
    }

    private static StepResult learned(Setup setup, List<LabelledExample> batch) {
        try (Learner learner = Learner.start(setup.task())) {
            return learner.learn(batch, setup.texts().apply(1));
        }
    }

    private static void assertTrained(StepResult result) {
        assertThat(result.applied()).isTrue();
        assertThat(result.totalLoss()).isFinite();
        assertThat(result.gradNorm()).isFinite();
        assertThat(result.terms().values())
                .allSatisfy(value -> assertThat(value).isFinite());
    }

    private static LabelledExample with(LabelledExample one, String text) {
        return new LabelledExample(one.id(), text, null, one.label(), null, null, null);
    }

    private Path withoutTokenHead() throws IOException {
        Path golden = Sentiments.golden("bert");
        for (String name : List.of("config.json", "tokenizer.json")) {
            Files.copy(golden.resolve(name), directory.resolve(name));
        }
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(golden);
        try (TextEncoder encoder = TextEncoder.open(checkpoint, new Compute("cpu", Precision.F32));
                Weights weights = checkpoint.loadWeights(
                        encoder.manager(), OutputHead.classes(Sentiments.TASK.labels()), new Random(1))) {
            Map<String, NDArray> written = new LinkedHashMap<>(weights.byName());
            written.keySet().removeIf(name -> name.startsWith("cls."));
            SafetensorsWriter.write(directory.resolve(EncoderCheckpoint.WEIGHTS_FILE), written);
        }
        return directory;
    }
}
