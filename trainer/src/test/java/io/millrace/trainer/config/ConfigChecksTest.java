package io.millrace.trainer.config;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.stream.Stream;

class ConfigChecksTest {

    private record Wrong(ThrowingCallable config, String message) {
        @Override
        public String toString() {
            return message;
        }
    }

    static Stream<Wrong> wrong() {
        return Stream.of(
                new Wrong(
                        () -> new TrainingConfig(null, null, null, null, null, null, null, null),
                        "training.encoder must be the directory of a Hugging Face checkpoint, got nothing"),
                new Wrong(
                        () -> Method.of("mask"),
                        "training.method must be plain, mask-tuning, smart or mask-tuning+smart, got \"mask\""),
                new Wrong(() -> mask(0.0, null), "training.maskTuning.alpha must be in (0, 1), got 0.0"),
                new Wrong(() -> mask(1.0, null), "training.maskTuning.alpha must be in (0, 1), got 1.0"),
                new Wrong(() -> mask(Double.NaN, null), "training.maskTuning.alpha must be in (0, 1), got NaN"),
                new Wrong(() -> mask(null, 1.0), "training.maskTuning.maskingRate must be in [0, 1), got 1.0"),
                new Wrong(() -> mask(null, -0.1), "training.maskTuning.maskingRate must be in [0, 1), got -0.1"),
                new Wrong(
                        () -> smooth(-1.0, null, null, null, null),
                        "training.smoothness.weight must be at least 0, got -1.0"),
                new Wrong(
                        () -> smooth(null, 0.0, null, null, null),
                        "training.smoothness.radius must be above 0, got 0.0"),
                new Wrong(
                        () -> smooth(null, null, 0.0, null, null),
                        "training.smoothness.stepSize must be above 0, got 0.0"),
                new Wrong(
                        () -> smooth(null, null, null, 0.0, null),
                        "training.smoothness.initStdDev must be above 0, got 0.0"),
                new Wrong(
                        () -> smooth(null, null, null, null, 0), "training.smoothness.steps must be at least 1, got 0"),
                new Wrong(
                        () -> proximal(-1.0, null, null, null),
                        "training.proximal.weight must be at least 0, got -1.0"),
                new Wrong(
                        () -> proximal(null, 1.0, null, null),
                        "training.proximal.warmupMomentum must be in [0, 1), got 1.0"),
                new Wrong(
                        () -> proximal(null, null, 1.0, null), "training.proximal.momentum must be in [0, 1), got 1.0"),
                new Wrong(
                        () -> proximal(null, null, null, -1),
                        "training.proximal.referenceWarmupSteps must be at least 0, got -1"),
                new Wrong(
                        () -> adam(0.0, null, null, null, null, null),
                        "training.optimizer.learningRate must be in (0, 1], got 0.0"),
                new Wrong(
                        () -> adam(2.0, null, null, null, null, null),
                        "training.optimizer.learningRate must be in (0, 1], got 2.0"),
                new Wrong(
                        () -> adam(null, 1.0, null, null, null, null),
                        "training.optimizer.beta1 must be in [0, 1), got 1.0"),
                new Wrong(
                        () -> adam(null, null, -1.0, null, null, null),
                        "training.optimizer.beta2 must be in [0, 1), got -1.0"),
                new Wrong(
                        () -> adam(null, null, null, 0.0, null, null),
                        "training.optimizer.adamEpsilon must be above 0, got 0.0"),
                new Wrong(
                        () -> adam(null, null, null, null, -1.0, null),
                        "training.optimizer.weightDecay must be at least 0, got -1.0"),
                new Wrong(
                        () -> adam(null, null, null, null, null, 0.0),
                        "training.optimizer.gradNormMax must be above 0, got 0.0"),
                new Wrong(
                        () -> new ScheduleConfig(-1, null),
                        "training.optimizer.schedule.warmupSteps must be at least 0, got -1"),
                new Wrong(
                        () -> new ScheduleConfig(10, 10),
                        "training.optimizer.schedule.decaySteps must be 0 or more than warmupSteps, got 10"),
                new Wrong(
                        () -> new BatchingConfig(0, null, null),
                        "training.batching.batchSize must be at least 1, got 0"),
                new Wrong(
                        () -> new BatchingConfig(null, 2, null),
                        "training.batching.maxTokens must be at least 3, got 2"),
                new Wrong(
                        () -> new BatchingConfig(null, null, Duration.ZERO),
                        "training.batching.idleAfter must be a positive duration, got PT0S"),
                new Wrong(
                        () -> new CheckpointConfig(0, null, null),
                        "training.checkpoints.everySteps must be at least 1, got 0"),
                new Wrong(
                        () -> new CheckpointConfig(null, Duration.ofSeconds(-1), null),
                        "training.checkpoints.every must be a positive duration, got PT-1S"),
                new Wrong(
                        () -> new CheckpointConfig(null, null, 1),
                        "training.checkpoints.keep must be at least 2, got 1"),
                new Wrong(() -> new DriftConfig(0, null), "training.drift.window must be at least 1, got 0"),
                new Wrong(() -> new DriftConfig(null, 0.0), "training.drift.margin must be in (0, 1], got 0.0"),
                new Wrong(() -> new DriftConfig(null, 1.1), "training.drift.margin must be in (0, 1], got 1.1"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void shouldSayWhichKeyIsWrong(Wrong wrong) {
        // When / Then
        assertThatThrownBy(wrong.config())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(wrong.message());
    }

    @Test
    void shouldAllowTheEdges() {
        // When / Then
        assertThatNoException().isThrownBy(() -> {
            mask(0.999, 0.0);
            smooth(0.0, null, null, null, null);
            proximal(0.0, 0.0, 0.0, 0);
            adam(1.0, 0.0, 0.0, null, 0.0, null);
            new ScheduleConfig(0, 1);
            new BatchingConfig(1, 3, Duration.ofMillis(1));
            new CheckpointConfig(1, Duration.ofMillis(1), 2);
            new DriftConfig(1, 1.0);
        });
    }

    private static MaskTuningConfig mask(Double alpha, Double maskingRate) {
        return new MaskTuningConfig(alpha, maskingRate, null, null);
    }

    private static SmoothnessConfig smooth(
            Double weight, Double radius, Double stepSize, Double initStdDev, Integer steps) {
        return new SmoothnessConfig(weight, radius, stepSize, initStdDev, steps);
    }

    private static ProximalConfig proximal(
            Double weight, Double warmupMomentum, Double momentum, Integer referenceWarmupSteps) {
        return new ProximalConfig(weight, warmupMomentum, momentum, referenceWarmupSteps);
    }

    private static OptimizerConfig adam(
            Double learningRate, Double beta1, Double beta2, Double epsilon, Double weightDecay, Double gradNormMax) {
        return new OptimizerConfig(learningRate, null, beta1, beta2, epsilon, weightDecay, gradNormMax);
    }
}
