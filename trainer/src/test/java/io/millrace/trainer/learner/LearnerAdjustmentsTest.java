package io.millrace.trainer.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.schemas.Adjustments;
import io.millrace.schemas.store.Sha256;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.ReplayConfig;
import io.millrace.trainer.config.ReplayConfig.Sample;
import io.millrace.trainer.config.TrainedTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a learner does under the adjustments of a policy. */
class LearnerAdjustmentsTest {

    private static final Adjustments ALL = new Adjustments(0.5, 4, 0.75);

    @TempDir
    private Path directory;

    @Test
    void shouldMultiplyTheScheduledLearningRate() {
        try (Learner learner = Learner.start(Sentiments.task(Method.PLAIN))) {
            // Given one of two steps of warm-up
            double scheduled = learn(learner, 1).learningRate();

            // When
            learner.adjust(new Adjustments(0.25, 1, null));
            double adjusted = learn(learner, 2).learningRate();

            // Then
            assertThat(scheduled).isEqualTo(0.5e-3);
            assertThat(adjusted).isEqualTo(0.25e-3);
        }
    }

    @Test
    void shouldReplayMoreExamples() {
        try (Learner learner = Learner.start(replaying())) {
            // Given a buffer of eight examples
            learn(learner, 1);
            learn(learner, 2);
            int configured = learn(learner, 1).batch().tokens();

            // When three of four examples are replayed instead of one of five
            learner.adjust(new Adjustments(1, 1, 0.75));
            int adjusted = learn(learner, 1).batch().tokens();

            // Then
            assertThat(adjusted).isGreaterThan(configured * 3 / 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRaiseTheWeightsOfAllTermsButTheTask(Method method) throws IOException {
        // When
        String configured = weights(method, Adjustments.NONE);
        String adjusted = weights(method, new Adjustments(1, 4, null));

        // Then a method without such terms trains as before
        assertThat(adjusted.equals(configured)).isEqualTo(method == Method.PLAIN);
    }

    @Test
    void shouldGoOnUnderTheSameAdjustmentsAsIfItHadNeverStopped() throws IOException {
        // Given
        TrainedTask task = replaying();
        String whole;
        try (Learner learner = Learner.start(task)) {
            learn(learner, 1);
            learner.adjust(ALL);
            learn(learner, 2);
            learn(learner, 3);
            whole = hash(learner, "whole");
        }

        // When
        Path half = Files.createDirectory(directory.resolve("half"));
        try (Learner learner = Learner.start(task)) {
            learn(learner, 1);
            learner.adjust(ALL);
            learn(learner, 2);
            learner.save(half);
        }
        String resumed;
        String without;
        try (Learner learner = Learner.resume(task, half, 2)) {
            learner.adjust(ALL);
            learn(learner, 3);
            resumed = hash(learner, "resumed");
        }
        try (Learner learner = Learner.resume(task, half, 2)) {
            learn(learner, 3);
            without = hash(learner, "without");
        }

        // Then
        assertThat(resumed).isEqualTo(whole);
        assertThat(without).isNotEqualTo(whole);
    }

    private String weights(Method method, Adjustments adjustments) throws IOException {
        try (Learner learner = Learner.start(Sentiments.task(method))) {
            learner.adjust(adjustments);
            learn(learner, 1);
            return hash(learner, "under-" + adjustments.lambdaFactor());
        }
    }

    private static TrainedTask replaying() {
        return Sentiments.replaying(Sentiments.task(Method.SMART), new ReplayConfig(0.2, 100, Sample.UNIFORM));
    }

    private static StepResult learn(Learner learner, long batch) {
        StepResult result = learner.learn(Sentiments.batch(batch), List.of());
        assertThat(result.applied()).isTrue();
        return result;
    }

    private String hash(Learner learner, String name) throws IOException {
        Path target = Files.createDirectory(directory.resolve(name));
        learner.save(target);
        return Sha256.of(target.resolve(EncoderCheckpoint.WEIGHTS_FILE));
    }
}
