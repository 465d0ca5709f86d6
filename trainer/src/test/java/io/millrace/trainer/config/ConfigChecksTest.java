package io.millrace.trainer.config;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.trainer.config.MaskedTokensConfig.Corruption;
import io.millrace.trainer.config.MaskedTokensConfig.MaskedEncoder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.Map;
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
                        () -> TrainingConfigs.plain(null).build(),
                        "training.encoder must be the directory of a Hugging Face checkpoint, got nothing"),
                new Wrong(
                        () -> Method.of("mask"),
                        "training.objective.method must be one of plain, masked-tokens, mask-tuning, smart, masked-tokens+smart,"
                                + " mask-tuning+smart, got \"mask\""),
                new Wrong(() -> mask(0.0), "training.maskTuning.alpha must be in (0, 1), got 0.0"),
                new Wrong(() -> mask(1.0), "training.maskTuning.alpha must be in (0, 1), got 1.0"),
                new Wrong(() -> mask(Double.NaN), "training.maskTuning.alpha must be in (0, 1), got NaN"),
                new Wrong(() -> tokens(null, 1.0), "training.maskedTokens.maskingRate must be in [0, 1), got 1.0"),
                new Wrong(() -> tokens(null, -0.1), "training.maskedTokens.maskingRate must be in [0, 1), got -0.1"),
                new Wrong(
                        () -> tokens(0.0, null),
                        "training.maskedTokens.weight must be a finite number above 0, got 0.0"),
                new Wrong(
                        () -> tokens(Double.POSITIVE_INFINITY, null),
                        "training.maskedTokens.weight must be a finite number above 0, got Infinity"),
                new Wrong(
                        () -> excluded(Corruption.MIXED),
                        "training.maskedTokens.corruption must be mask where maskedEncoder is excluded, because the"
                                + " encoder sees no masked position, got 80-10-10"),
                new Wrong(
                        () -> new SelfEvolutionConfig(-0.1, null),
                        "training.maskedTokens.selfEvolution.threshold must be a finite number of at least 0, got -0.1"),
                new Wrong(
                        () -> new SelfEvolutionConfig(Double.NaN, null),
                        "training.maskedTokens.selfEvolution.threshold must be a finite number of at least 0, got NaN"),
                new Wrong(
                        () -> new SelfEvolutionConfig(null, 1.0),
                        "training.maskedTokens.selfEvolution.labelSmoothing must be in [0, 1), got 1.0"),
                new Wrong(
                        () -> new DecoderConfig(0, null),
                        "training.maskedTokens.decoder.layers must be in [1, 12], got 0"),
                new Wrong(
                        () -> new DecoderConfig(13, null),
                        "training.maskedTokens.decoder.layers must be in [1, 12], got 13"),
                new Wrong(
                        () -> new DecoderConfig(null, -1),
                        "training.maskedTokens.decoder.warmupSteps must be at least 0, got -1"),
                new Wrong(
                        () -> new ReplayConfig(-0.1, null, null),
                        "training.replay.share must be in [0, 0.9], got -0.1"),
                new Wrong(
                        () -> new ReplayConfig(0.91, null, null),
                        "training.replay.share must be in [0, 0.9], got 0.91"),
                new Wrong(
                        () -> new ReplayConfig(null, 0, null),
                        "training.replay.capacity must be in [1, 100000], got 0"),
                new Wrong(
                        () -> new ReplayConfig(null, 100_001, null),
                        "training.replay.capacity must be in [1, 100000], got 100001"),
                new Wrong(
                        () -> new BatchingConfig(null, null, 1.0, null),
                        "training.batching.unlabelledShare must be in [0, 0.9], got 1.0"),
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
                        () -> new BatchingConfig(0, null, null, null),
                        "training.batching.batchSize must be at least 1, got 0"),
                new Wrong(
                        () -> new BatchingConfig(null, 2, null, null),
                        "training.batching.maxTokens must be at least 3, got 2"),
                new Wrong(
                        () -> new BatchingConfig(null, null, null, Duration.ZERO),
                        "training.batching.idleAfter must be a positive duration, got PT0S"),
                new Wrong(
                        () -> new CheckpointConfig(0, null, null, null),
                        "training.checkpoints.everySteps must be at least 1, got 0"),
                new Wrong(
                        () -> new CheckpointConfig(null, Duration.ofSeconds(-1), null, null),
                        "training.checkpoints.every must be a positive duration, got PT-1S"),
                new Wrong(
                        () -> new CheckpointConfig(null, null, 1, null),
                        "training.checkpoints.keep must be at least 2, got 1"),
                new Wrong(
                        () -> new DriftConfig(0, null, null, null, null, null, null, null, null),
                        "training.drift.window must be in [1, 20000], got 0"),
                new Wrong(
                        () -> new DriftConfig(null, 0.0, null, null, null, null, null, null, null),
                        "training.drift.margin must be in (0, 1], got 0.0"),
                new Wrong(
                        () -> new DriftConfig(null, 1.1, null, null, null, null, null, null, null),
                        "training.drift.margin must be in (0, 1], got 1.1"),
                new Wrong(
                        () -> drift(1L, null, null, null),
                        "training.drift.expectedRunLength must be in [2, 1000000000000], got 1"),
                new Wrong(
                        () -> drift(null, 199, null, null),
                        "training.drift.reference must be in [200, 20000], got 199"),
                new Wrong(() -> drift(null, null, -1, null), "training.drift.cooldown must be at least 0, got -1"),
                new Wrong(() -> drift(null, null, null, 11), "training.drift.examples must be in [0, 10], got 11"),
                new Wrong(
                        () -> drift(Map.of("labels", 5L), null),
                        "training.drift.expectedRunLengths must be a map with keys among prequentialAccuracy, labelMix, textLength,"
                                + " unknownTokens, vocabulary, embeddings, got \"labels\""),
                new Wrong(
                        () -> drift(Map.of("labelMix", 1L), null),
                        "training.drift.expectedRunLengths.labelMix must be in [2, 1000000000000], got 1"),
                new Wrong(
                        () -> drift(null, Map.of("labelMix", 1.0)),
                        "training.drift.tolerances.labelMix must be in (0, 1), got 1.0"),
                new Wrong(() -> policy(0, null, null, null), "training.policy.after must be at least 1, got 0"),
                new Wrong(() -> policy(null, 1.0, null, null), "training.policy.factor must be in (0, 1), got 1.0"),
                new Wrong(
                        () -> policy(null, null, 0.0, null),
                        "training.policy.smallestFactor must be in (0, 1), got 0.0"),
                new Wrong(
                        () -> policy(null, null, null, 1.0),
                        "training.policy.largestFactor must be a finite number above 1, got 1.0"),
                new Wrong(
                        () -> new PolicyConfig(null, null, null, null, null, null, 0.91, null),
                        "training.policy.largestReplayShare must be in (0, 0.9], got 0.91"),
                new Wrong(
                        () -> new PolicyConfig(null, null, null, null, null, null, null, 0),
                        "training.policy.reuseBudget must be at least 1, got 0"));
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
            mask(0.999);
            smooth(0.0, null, null, null, null);
            proximal(0.0, 0.0, 0.0, 0);
            adam(1.0, 0.0, 0.0, null, 0.0, null);
            tokens(1e-9, 0.0);
            excluded(Corruption.MASK);
            new SelfEvolutionConfig(0.0, 0.0);
            new DecoderConfig(12, 0);
            new ReplayConfig(0.9, 1, null);
            new ReplayConfig(0.0, 100_000, null);
            new ScheduleConfig(0, 1);
            new BatchingConfig(1, 3, 0.9, Duration.ofMillis(1));
            new CheckpointConfig(1, Duration.ofMillis(1), 2, null);
            new DriftConfig(1, 1.0, null, null, null, null, null, null, null);
            drift(2L, 200, 0, 0);
            drift(null, 20_000, null, 10);
            drift(Map.of("labelMix", 0L, "embeddings", 2L), Map.of("vocabulary", 0.999));
        });
    }

    private static PolicyConfig policy(Integer after, Double factor, Double smallestFactor, Double largestFactor) {
        return new PolicyConfig(null, null, after, factor, smallestFactor, largestFactor, null, null);
    }

    private static DriftConfig drift(Long expectedRunLength, Integer reference, Integer cooldown, Integer examples) {
        return new DriftConfig(null, null, null, expectedRunLength, null, null, reference, cooldown, examples);
    }

    private static DriftConfig drift(Map<String, Long> expectedRunLengths, Map<String, Double> tolerances) {
        return new DriftConfig(null, null, null, null, expectedRunLengths, tolerances, null, null, null);
    }

    private static MaskTuningConfig mask(Double alpha) {
        return new MaskTuningConfig(alpha, null);
    }

    private static MaskedTokensConfig tokens(Double weight, Double maskingRate) {
        return new MaskedTokensConfig(weight, maskingRate, null, null, null, null, null);
    }

    private static MaskedTokensConfig excluded(Corruption corruption) {
        return new MaskedTokensConfig(null, null, null, MaskedEncoder.EXCLUDED, corruption, null, null);
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
