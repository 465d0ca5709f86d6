package io.millrace.trainer;

import static io.millrace.trainer.Sentiments.batch;
import static io.millrace.trainer.Sentiments.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.schemas.Sha256;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.Method;
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
import java.util.TreeMap;
import java.util.stream.Stream;

class LearnerTest {

    private static final double TOO_MUCH = 1e38;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Method.class)
    void shouldGoOnAfterAResumeAsIfItHadNeverStopped(Method method) throws IOException {
        // Given
        TrainedTask task = Sentiments.task(method);
        Path whole = Files.createDirectory(directory.resolve("whole"));
        Path half = Files.createDirectory(directory.resolve("half"));
        Path resumed = Files.createDirectory(directory.resolve("resumed"));
        try (Learner learner = Learner.start(task)) {
            update(learner, 1, 4);
            learner.save(whole);
        }

        // When
        try (Learner learner = Learner.start(task)) {
            update(learner, 1, 2);
            learner.save(half);
        }
        try (Learner learner = Learner.resume(task, half, 2)) {
            update(learner, 3, 4);
            learner.save(resumed);
        }

        // Then
        assertThat(hashes(resumed)).isEqualTo(hashes(whole));
        assertThat(hashes(whole)).containsKeys(EncoderCheckpoint.WEIGHTS_FILE, Learner.OPTIMIZER_FILE);
        assertThat(hashes(whole).containsKey(Learner.REFERENCE_FILE)).isEqualTo(method.usesSmart());
        assertThat(hashes(half)).isNotEqualTo(hashes(whole));
    }

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

    @ParameterizedTest
    @EnumSource(Method.class)
    void shouldPassOverABatchWhoseLossIsNotFinite(Method method) throws IOException {
        // Given
        Path without = Files.createDirectory(directory.resolve("without"));
        Path with = Files.createDirectory(directory.resolve("with"));
        try (Learner learner = Learner.start(Sentiments.task(method))) {
            update(learner, 1, 2);
            learner.save(without);
        }

        // When
        StepOutcome outcome;
        try (Learner learner = Learner.start(Sentiments.task(method))) {
            update(learner, 1, 1);
            outcome = learner.update(learner.tokenize(weighted(9, TOO_MUCH)));
            assertThat(learner.step()).isEqualTo(1);
            update(learner, 2, 2);
            learner.save(with);
        }

        // Then
        assertThat(outcome.applied()).isFalse();
        assertThat(hashes(with)).isEqualTo(hashes(without));
    }

    @Test
    void shouldLearnWhatItIsShown() {
        // Given
        try (Learner learner = Learner.start(Sentiments.task(Method.PLAIN))) {
            TokenizedBatch batch = learner.tokenize(batch(1));
            double before = learner.update(batch).totalLoss();

            // When
            for (int i = 0; i < 60; i++) {
                learner.update(batch);
            }

            // Then
            assertThat(learner.update(batch).totalLoss()).isLessThan(before / 2);
            assertThat(learner.predict(batch))
                    .containsExactly(batch.examples().stream()
                            .mapToInt(TrainingExample::label)
                            .toArray());
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
                    .map(i -> learner.update(learner.tokenize(batch(i))).learningRate())
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
        assertThat(start.resolve(Learner.REFERENCE_FILE))
                .hasSameBinaryContentAs(start.resolve(EncoderCheckpoint.WEIGHTS_FILE));
        assertThat(hashes(end).get(Learner.REFERENCE_FILE))
                .isNotEqualTo(hashes(start).get(Learner.REFERENCE_FILE))
                .isNotEqualTo(hashes(end).get(EncoderCheckpoint.WEIGHTS_FILE));
    }

    private static double taskLossOfFirstStep(List<TrainingExample> examples) {
        try (Learner learner = Learner.start(Sentiments.task(Method.PLAIN))) {
            return learner.update(learner.tokenize(examples)).terms().get(ObjectiveTerm.TASK_LOSS);
        }
    }

    private Map<String, String> trained(Method method, long seed) throws IOException {
        Path target = Files.createTempDirectory(directory, "trained");
        TrainedTask task =
                Sentiments.task(method, Sentiments.golden("distilbert"), seed, new CheckpointConfig(null, null, null));
        try (Learner learner = Learner.start(task)) {
            update(learner, 1, 2);
            learner.save(target);
        }
        return hashes(target);
    }

    private static void update(Learner learner, int first, int last) {
        for (int i = first; i <= last; i++) {
            assertThat(learner.update(learner.tokenize(batch(i))).applied()).isTrue();
        }
    }

    private static Map<String, String> hashes(Path checkpoint) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.list(checkpoint)) {
            for (Path file : files.toList()) {
                hashes.put(file.getFileName().toString(), Sha256.of(file));
            }
        }
        return hashes;
    }
}
