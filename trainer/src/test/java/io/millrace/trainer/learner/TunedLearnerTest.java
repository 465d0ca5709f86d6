package io.millrace.trainer.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.encoder.Compute;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Precision;
import io.millrace.encoder.TextClassifier;
import io.millrace.encoder.Tuning;
import io.millrace.encoder.safetensors.SafetensorsFile;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.store.FrozenWeights;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.Setup;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfigs;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A learner that trains adapters or the top layers alone, whatever it learns by. */
class TunedLearnerTest {

    private static final Tuning LORA =
            new Tuning(Tuning.Mode.LORA, 2, 8.0, 0.2, List.of("query", "value", "up", "down"), null);
    private static final List<TextInput> TEXTS =
            List.of(new TextInput("a quiet triumph", null), new TextInput("broken", null));

    @TempDir
    private Path directory;

    private static final Set<String> WITH_ADAPTERS = Set.of(
            "plain",
            "masked-tokens",
            "smart",
            "mask-tuning+smart",
            "self-evolution beside the task",
            "excluded and self-evolution in mask-tuning",
            "excluded on unlabelled texts",
            "regression",
            "growing head in three shards");
    private static final Set<String> WITH_LAYERS =
            Set.of("mask-tuning", "masked-tokens+smart", "excluded beside the task");

    static List<Setup> setups() {
        List<Setup> tuned = new ArrayList<>();
        for (Setup setup : Setup.all()) {
            if (WITH_ADAPTERS.contains(setup.name())) {
                tuned.add(tuned(setup, LORA));
            }
            if (WITH_LAYERS.contains(setup.name())) {
                tuned.add(tuned(setup, Tuning.ofLayers(1)));
            }
        }
        assertThat(tuned).hasSize(WITH_ADAPTERS.size() + WITH_LAYERS.size());
        return tuned;
    }

    private static Setup tuned(Setup setup, Tuning tuning) {
        return new Setup(
                tuning.mode().wireName() + ": " + setup.name(),
                tuned(setup.task(), tuning),
                setup.batches(),
                setup.texts());
    }

    private static TrainedTask tuned(TrainedTask trained, Tuning tuning) {
        return new TrainedTask(
                trained.task(),
                TrainingConfigs.like(trained.training()).withTuning(tuning).build());
    }

    @ParameterizedTest
    @MethodSource("setups")
    void shouldGoOnAfterAResumeAsIfItHadNeverStopped(Setup setup) throws IOException {
        // Given
        Path whole;
        Path half;
        try (Learner learner = Learner.start(setup.task())) {
            setup.train(learner, 1, 2);
            half = saved(learner, "half");
            learner.checkpointed();
            setup.train(learner, 3, 3);
            whole = saved(learner, "whole");
        }

        // When
        Path resumed;
        float[][] outputs;
        try (Learner learner = Learner.resume(setup.task(), half, 2)) {
            setup.train(learner, 3, 3);
            resumed = saved(learner, "resumed");
            outputs = learner.outputs(TEXTS);
        }

        // Then
        assertThat(SavedFiles.hashes(resumed))
                .isEqualTo(SavedFiles.hashes(whole))
                .isNotEqualTo(SavedFiles.hashes(half));
        assertThat(FrozenWeights.read(half)).isEqualTo(FrozenWeights.read(whole));
        assertThat(directory)
                .isDirectoryContaining(path -> path.getFileName().toString().startsWith("frozen-"));
        assertHoldsWhatIsTrained(whole);
        assertNear(outputs, answers(whole), 1e-5);
    }

    private static void assertHoldsWhatIsTrained(Path checkpoint) throws IOException {
        assertThat(checkpoint.resolve(EncoderCheckpoint.WEIGHTS_FILE)).doesNotExist();
        try (Stream<Path> files = Files.list(checkpoint)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".safetensors")).toList()) {
                try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
                    assertThat(tensors.entries().keySet())
                            .as(file.toString())
                            .isNotEmpty()
                            .noneMatch(name -> name.contains("embeddings.word")
                                    || name.contains("bert.encoder.layer.0.attention.self.query.weight")
                                    || name.contains("bert.encoder.layer.0.output.dense.weight"));
                }
            }
        }
    }

    @Test
    void shouldStartWithTheAnswersOfTheWholeEncoder() {
        // Given
        TrainedTask full = Sentiments.task(Method.PLAIN);

        // When
        float[][] expected = outputs(full);

        // Then
        assertNear(outputs(tuned(full, LORA)), expected, 0);
        assertNear(outputs(tuned(full, Tuning.ofLayers(1))), expected, 0);
    }

    @Test
    void shouldHaveTheLossOfFullTuningInTheFirstStep() {
        // Given
        TrainedTask full = Sentiments.task(Method.PLAIN);

        // Then dropout and all
        assertThat(firstLoss(tuned(full, LORA))).isEqualTo(firstLoss(full));
        assertThat(firstLoss(tuned(full, Tuning.ofLayers(1)))).isEqualTo(firstLoss(full));
    }

    private static double firstLoss(TrainedTask task) {
        try (Learner learner = Learner.start(task)) {
            return learner.learn(Sentiments.batch(1), List.of()).totalLoss();
        }
    }

    @Test
    void shouldStartFromAnAdapterThatPeftHasWritten() {
        // Given
        Path adapter = Sentiments.golden("bert").resolve("../../adapters/bert").normalize();
        TrainedTask task = Sentiments.task(Method.PLAIN, adapter, 1, new CheckpointConfig(null, null, null, null));

        // Then
        assertNear(outputs(task), answers(adapter), 1e-6);
        assertNear(outputs(tuned(task, LORA)), answers(adapter), 1e-6);
    }

    @Test
    void shouldTrainAllLayersAndTheHeadAsFullTuningDoes() throws IOException {
        // Given an encoder whose layers all are on top
        TrainedTask full = Sentiments.task(Method.PLAIN);
        Setup all = Setup.all().get(0);
        Path whole;
        try (Learner learner = Learner.start(full)) {
            all.train(learner, 1, 1);
            whole = saved(learner, "full");
        }

        // When
        Path layers;
        try (Learner learner = Learner.start(tuned(full, Tuning.ofLayers(3)))) {
            all.train(learner, 1, 1);
            layers = saved(learner, "layers");
        }

        // Then it differs by the gradient of the embeddings in the global norm alone, and not at all in what lies below
        String query = "bert.encoder.layer.0.attention.self.query.weight";
        try (SafetensorsFile one = SafetensorsFile.open(whole.resolve(EncoderCheckpoint.WEIGHTS_FILE));
                SafetensorsFile other = SafetensorsFile.open(layers.resolve("trained.safetensors"))) {
            float expected = one.floats(query).asFloatBuffer().get(0);
            assertThat(other.floats(query).asFloatBuffer().get(0)).isCloseTo(expected, Offset.offset(1e-4f));
        }
    }

    private static float[][] outputs(TrainedTask task) {
        try (Learner learner = Learner.start(task)) {
            return learner.outputs(TEXTS);
        }
    }

    /** What somebody makes of a checkpoint who knows nothing of tuning. */
    private static float[][] answers(Path checkpoint) {
        try (TextClassifier classifier = TextClassifier.load(checkpoint, new Compute("cpu", Precision.F32))) {
            if (!classifier.isRegression()) {
                return classifier.probabilities(TEXTS);
            }
            float[] scores = classifier.scores(TEXTS);
            return new float[][] {{scores[0]}, {scores[1]}};
        }
    }

    private static void assertNear(float[][] actual, float[][] expected, double tolerance) {
        assertThat(actual).hasDimensions(expected.length, expected[0].length);
        for (int i = 0; i < actual.length; i++) {
            for (int j = 0; j < actual[i].length; j++) {
                assertThat((double) actual[i][j]).isCloseTo(expected[i][j], Offset.offset(tolerance));
            }
        }
    }

    private Path saved(Learner learner, String name) throws IOException {
        Path target = Files.createDirectory(directory.resolve(name));
        learner.save(target);
        return target;
    }
}
