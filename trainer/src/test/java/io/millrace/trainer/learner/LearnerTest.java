package io.millrace.trainer.learner;

import static io.millrace.trainer.Sentiments.batch;
import static io.millrace.trainer.Sentiments.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.LabelledExample;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ReplayConfig;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.objective.ObjectiveTerm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class LearnerTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Method.class)
    void shouldLearnOtherWeightsFromAnotherSeed(Method method) throws IOException {
        // When
        Map<String, String> one = trained(method, 1);
        Map<String, String> again = trained(method, 1);
        Map<String, String> other = trained(method, 2);

        // Then
        assertThat(again).isEqualTo(one);
        assertThat(other.get(EncoderCheckpoint.WEIGHTS_FILE)).isNotEqualTo(one.get(EncoderCheckpoint.WEIGHTS_FILE));
    }

    @Test
    void shouldLearnWhatItIsShown() {
        // Given
        try (Learner learner = Learner.start(Sentiments.task(Method.PLAIN))) {
            double before = learner.learn(batch(1), List.of()).totalLoss();

            // When
            for (int i = 0; i < 60; i++) {
                learner.learn(batch(1), List.of());
            }

            // Then
            StepResult after = learner.learn(batch(1), List.of());
            assertThat(after.totalLoss()).isLessThan(before / 2);
            assertThat(after.batch().rightCount()).isEqualTo(Sentiments.BATCH_SIZE);
        }
    }

    @Test
    void shouldScaleTheTaskLossByTheWeightsOfTheExamples() {
        // When
        double once = taskLossOfFirstStep(batch(1));
        double twice = taskLossOfFirstStep(weighted(1, 2));

        // Then
        assertThat(twice).isCloseTo(2 * once, within(1e-6));
    }

    @Test
    void shouldRaiseTheLearningRateOverTheWarmUp() {
        // When
        try (Learner learner = Learner.start(Sentiments.task(Method.PLAIN))) {
            List<Double> rates = Stream.of(1, 2, 3)
                    .map(i -> learner.learn(batch(i), List.of()).learningRate())
                    .toList();

            // Then
            assertThat(rates).containsExactly(0.5e-3, 1e-3, 1e-3);
        }
    }

    @Test
    void shouldFollowTheWeightsSlowlyWithTheReference() throws IOException {
        // Given
        Path start = Files.createDirectory(directory.resolve("start"));
        Path end = Files.createDirectory(directory.resolve("end"));

        // When
        try (Learner learner = Learner.start(Sentiments.task(Method.SMART))) {
            learner.save(start);
            update(learner, 1, 1);
            learner.save(end);
        }

        // Then
        assertThat(start.resolve(ModelState.REFERENCE_FILE))
                .hasSameBinaryContentAs(start.resolve(EncoderCheckpoint.WEIGHTS_FILE));
        assertThat(SavedFiles.hashes(end).get(ModelState.REFERENCE_FILE))
                .isNotEqualTo(SavedFiles.hashes(start).get(ModelState.REFERENCE_FILE))
                .isNotEqualTo(SavedFiles.hashes(end).get(EncoderCheckpoint.WEIGHTS_FILE));
    }

    @Test
    void shouldTestBeforeItTrains() {
        // Given
        try (Learner learner = Learner.start(Sentiments.task(Method.PLAIN))) {
            float[][] before = learner.outputs(inputs(batch(1)));

            // When
            StepResult result = learner.learn(batch(1), List.of());

            // Then
            boolean[] right = result.batch().right();
            for (int i = 0; i < right.length; i++) {
                int label = Sentiments.TASK.labels().indexOf(batch(1).get(i).label());
                assertThat(right[i]).as("example %d", i).isEqualTo(before[i][label] > before[i][1 - label]);
                assertThat(result.batch().answers()[i])
                        .as("example %d", i)
                        .isEqualTo(before[i][1] > before[i][0] ? 1 : 0);
            }
        }
    }

    @Test
    void shouldTrainOnExamplesOfThePastBesideNewOnes() {
        // Given
        TrainedTask task = Sentiments.replaying(Sentiments.task(Method.PLAIN), new ReplayConfig(0.5, 100, null));
        try (Learner learner = Learner.start(task);
                Learner forgetful = Learner.start(Sentiments.task(Method.PLAIN))) {
            // When
            StepResult first = learner.learn(batch(1), List.of());
            StepResult second = learner.learn(batch(1), List.of());
            int alone = forgetful.learn(batch(1), List.of()).batch().tokens();

            // Then
            assertThat(first.batch().tokens()).as("there is no past yet").isEqualTo(alone);
            assertThat(second.batch().tokens())
                    .as("as many old ones as new ones")
                    .isEqualTo(2 * alone);
            assertThat(second.batch().right()).as("only new ones are tested").hasSize(Sentiments.BATCH_SIZE);
        }
    }

    @Test
    void shouldTrainOnTextsBesideTheExamples() {
        // Given
        TrainedTask task = Sentiments.readingTexts(Sentiments.task(Method.PLAIN));
        double weight = task.training().objective().maskedTokens().weight();
        try (Learner learner = Learner.start(task)) {
            // When
            StepResult with = learner.learn(batch(1), Sentiments.texts(1));
            StepResult without = learner.learn(batch(2), List.of());

            // Then
            assertThat(with.terms()).containsOnlyKeys(ObjectiveTerm.TASK_LOSS, ObjectiveTerm.UNLABELLED_LOSS);
            assertThat(with.totalLoss())
                    .isCloseTo(
                            with.terms().get(ObjectiveTerm.TASK_LOSS)
                                    + weight * with.terms().get(ObjectiveTerm.UNLABELLED_LOSS),
                            within(1e-5));
            assertThat(without.terms()).containsOnlyKeys(ObjectiveTerm.TASK_LOSS);
        }
    }

    private static List<TextInput> inputs(List<LabelledExample> examples) {
        return examples.stream()
                .map(example -> new TextInput(example.text(), null))
                .toList();
    }

    private static double taskLossOfFirstStep(List<LabelledExample> examples) {
        try (Learner learner = Learner.start(Sentiments.task(Method.PLAIN))) {
            return learner.learn(examples, List.of()).terms().get(ObjectiveTerm.TASK_LOSS);
        }
    }

    private Map<String, String> trained(Method method, long seed) throws IOException {
        Path target = Files.createTempDirectory(directory, "trained");
        TrainedTask task = Sentiments.task(
                method, Sentiments.golden("distilbert"), seed, new CheckpointConfig(null, null, null, null));
        try (Learner learner = Learner.start(task)) {
            update(learner, 1, 2);
            learner.save(target);
        }
        return SavedFiles.hashes(target);
    }

    private static void update(Learner learner, int first, int last) {
        for (int i = first; i <= last; i++) {
            assertThat(learner.learn(batch(i), List.of()).applied()).isTrue();
        }
    }
}
