package io.millrace.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.schemas.Json;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.trainer.config.MaskTuningConfig.Corruption;
import io.millrace.trainer.config.MaskTuningConfig.Perturbed;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class TrainingConfigTest {

    private static final Task TASK = new Task("intent", TaskKind.SINGLE, List.of("book", "cancel"), 1_000);
    private static final TrainingConfig DEFAULTS =
            new TrainingConfig(Path.of("encoder"), null, null, null, null, null, null, null);

    @Test
    void shouldHaveTheseDefaults() {
        // When / Then
        assertThat(DEFAULTS)
                .isEqualTo(new TrainingConfig(
                        Path.of("encoder"),
                        1L,
                        new Compute("auto", Precision.BF16),
                        new ObjectiveConfig(
                                Method.PLAIN,
                                new MaskTuningConfig(0.3, 0.05, Perturbed.PREDICTED, Corruption.MASK),
                                new SmoothnessConfig(1.0, 0.1, 0.01, 0.01, 1),
                                new ProximalConfig(1.0, 0.99, 0.999, 200)),
                        new OptimizerConfig(5e-5, new ScheduleConfig(100, 0), 0.9, 0.999, 1e-8, 0.01, 1.0),
                        new BatchingConfig(32, 64, Duration.ofSeconds(30)),
                        new CheckpointConfig(500, Duration.ofMinutes(5), 5),
                        new DriftConfig(500, 0.1)));
    }

    @Test
    void shouldReadEveryKey() throws IOException {
        // When
        TrainingConfig config = Json.mapper()
                .readValue(
                        """
                        {"encoder": "encoder", "seed": 7,
                         "compute": {"device": "cuda:1", "precision": "f32"},
                         "objective": {
                           "method": "mask-tuning+smart",
                           "maskTuning": {"alpha": 0.5, "maskingRate": 0.2, "perturbed": "masked", "corruption": "80-10-10"},
                           "smoothness": {"weight": 3, "radius": 1e-5, "stepSize": 1e-3, "initStdDev": 1e-5, "steps": 2},
                           "proximal": {"weight": 2, "warmupMomentum": 0.9, "momentum": 0.99, "referenceWarmupSteps": 5}},
                         "optimizer": {
                           "learningRate": 1e-4, "schedule": {"warmupSteps": 3, "decaySteps": 9},
                           "beta1": 0.8, "beta2": 0.98, "adamEpsilon": 1e-6, "weightDecay": 0.1, "gradNormMax": 5},
                         "batching": {"batchSize": 8, "maxTokens": 128, "idleAfter": "PT5S"},
                         "checkpoints": {"everySteps": 10, "every": "PT1M", "keep": 3},
                         "drift": {"window": 50, "margin": 0.2}}
                        """,
                        TrainingConfig.class);

        // Then
        assertThat(config)
                .isEqualTo(new TrainingConfig(
                        Path.of("encoder"),
                        7L,
                        new Compute("cuda:1", Precision.F32),
                        new ObjectiveConfig(
                                Method.MASK_TUNING_SMART,
                                new MaskTuningConfig(0.5, 0.2, Perturbed.MASKED, Corruption.MIXED),
                                new SmoothnessConfig(3.0, 1e-5, 1e-3, 1e-5, 2),
                                new ProximalConfig(2.0, 0.9, 0.99, 5)),
                        new OptimizerConfig(1e-4, new ScheduleConfig(3, 9), 0.8, 0.98, 1e-6, 0.1, 5.0),
                        new BatchingConfig(8, 128, Duration.ofSeconds(5)),
                        new CheckpointConfig(10, Duration.ofMinutes(1), 3),
                        new DriftConfig(50, 0.2)));
    }

    @Test
    void shouldHashWhatDecidesTheResult() {
        // Given
        String hash = DEFAULTS.sha256(TASK);

        // When / Then
        assertThat(with(2L, Method.PLAIN).sha256(TASK)).isNotEqualTo(hash);
        assertThat(with(1L, Method.SMART).sha256(TASK)).isNotEqualTo(hash);
        assertThat(DEFAULTS.sha256(new Task("intent", TaskKind.SINGLE, List.of("cancel", "book"), 1_000)))
                .isNotEqualTo(hash);
    }

    @Test
    void shouldNotHashWhereTheEncoderIsOrWhenCheckpointsAreWritten() {
        // Given
        TrainingConfig moved = new TrainingConfig(
                Path.of("elsewhere"),
                null,
                null,
                null,
                null,
                null,
                new CheckpointConfig(1, null, null),
                new DriftConfig(1, null));

        // When / Then
        assertThat(moved.sha256(TASK)).isEqualTo(DEFAULTS.sha256(TASK));
    }

    private static TrainingConfig with(long seed, Method method) {
        return new TrainingConfig(
                Path.of("encoder"), seed, null, new ObjectiveConfig(method, null, null, null), null, null, null, null);
    }
}
