package io.millrace.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.json.Json;
import io.millrace.trainer.config.MaskTuningConfig.Perturbed;
import io.millrace.trainer.config.MaskedTokensConfig.Corruption;
import io.millrace.trainer.config.MaskedTokensConfig.MaskedEncoder;
import io.millrace.trainer.config.MaskedTokensConfig.Masking;
import io.millrace.trainer.config.ReplayConfig.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class TrainingConfigTest {

    private static final Task TASK = new Task("intent", TaskKind.SINGLE, List.of("book", "cancel"), 1_000);
    private static final TrainingConfig DEFAULTS =
            TrainingConfigs.plain(Path.of("encoder")).build();

    @Test
    void shouldHaveTheseDefaults() {
        // When / Then
        assertThat(DEFAULTS)
                .isEqualTo(TrainingConfigs.plain(Path.of("encoder"))
                        .withSeed(1)
                        .withCompute(new Compute("auto", Precision.BF16))
                        .withObjective(new ObjectiveConfig(
                                Method.PLAIN,
                                new MaskedTokensConfig(
                                        0.1,
                                        0.05,
                                        Masking.RANDOM,
                                        MaskedEncoder.STANDARD,
                                        Corruption.MASK,
                                        new SelfEvolutionConfig(0.1, 0.1),
                                        new DecoderConfig(2, 100)),
                                new MaskTuningConfig(0.1, Perturbed.PREDICTED),
                                new SmoothnessConfig(0.3, 0.1, 0.01, 0.01, 1),
                                new ProximalConfig(0.3, 0.99, 0.999, 200)))
                        .withOptimizer(
                                new OptimizerConfig(3e-4, new ScheduleConfig(10, 0), 0.9, 0.999, 1e-8, 0.01, 1.0))
                        .withBatching(new BatchingConfig(32, 64, 0.0, Duration.ofSeconds(30)))
                        .withReplay(new ReplayConfig(0.0, 1000, Sample.UNIFORM))
                        .withCheckpoints(new CheckpointConfig(500, Duration.ofMinutes(5), 5, null))
                        .withDrift(new DriftConfig(
                                500, 0.1, DriftDetector.E_DETECTOR, 10_000L, Map.of(), Map.of(), 1_000, 1_000, 3))
                        .build());
    }

    @Test
    void shouldGiveEveryKeyThatIsMissingItsDefault() throws IOException {
        // Given
        String sections =
                """
                {"encoder": "encoder", "compute": {},
                 "objective": {"maskedTokens": {"selfEvolution": {}, "decoder": {}}, "maskTuning": {}, "smoothness": {}, "proximal": {}},
                 "optimizer": {"schedule": {}}, "batching": {}, "replay": {}, "checkpoints": {}, "rollback": {}, "drift": {}}""";

        // When / Then
        assertThat(Json.mapper().readValue(sections, TrainingConfig.class)).isEqualTo(DEFAULTS);
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
                           "maskedTokens": {
                             "weight": 2, "maskingRate": 0.2, "masking": "self-evolution", "maskedEncoder": "excluded",
                             "corruption": "mask", "selfEvolution": {"threshold": 0.5, "labelSmoothing": 0.2},
                             "decoder": {"layers": 1, "warmupSteps": 7}},
                           "maskTuning": {"alpha": 0.5, "perturbed": "masked"},
                           "smoothness": {"weight": 3, "radius": 1e-5, "stepSize": 1e-3, "initStdDev": 1e-5, "steps": 2},
                           "proximal": {"weight": 2, "warmupMomentum": 0.9, "momentum": 0.99, "referenceWarmupSteps": 5}},
                         "optimizer": {
                           "learningRate": 1e-4, "schedule": {"warmupSteps": 3, "decaySteps": 9},
                           "beta1": 0.8, "beta2": 0.98, "adamEpsilon": 1e-6, "weightDecay": 0.1, "gradNormMax": 5},
                         "batching": {"batchSize": 8, "maxTokens": 128, "unlabelledShare": 0.5, "idleAfter": "PT5S"},
                         "replay": {"share": 0.25, "capacity": 50, "sample": "per-class"},
                         "checkpoints": {"everySteps": 10, "every": "PT1M", "keep": 3},
                         "drift": {"window": 50, "margin": 0.2, "detector": "page-hinkley", "expectedRunLength": 500, "reference": 400,
                           "cooldown": 300, "examples": 2,
                           "expectedRunLengths": {"labelMix": 20}, "tolerances": {"textLength": 0.25}}}
                        """,
                        TrainingConfig.class);

        // Then
        assertThat(config)
                .isEqualTo(TrainingConfigs.plain(Path.of("encoder"))
                        .withSeed(7)
                        .withCompute(new Compute("cuda:1", Precision.F32))
                        .withObjective(new ObjectiveConfig(
                                Method.MASK_TUNING_SMART,
                                new MaskedTokensConfig(
                                        2.0,
                                        0.2,
                                        Masking.SELF_EVOLUTION,
                                        MaskedEncoder.EXCLUDED,
                                        Corruption.MASK,
                                        new SelfEvolutionConfig(0.5, 0.2),
                                        new DecoderConfig(1, 7)),
                                new MaskTuningConfig(0.5, Perturbed.MASKED),
                                new SmoothnessConfig(3.0, 1e-5, 1e-3, 1e-5, 2),
                                new ProximalConfig(2.0, 0.9, 0.99, 5)))
                        .withOptimizer(new OptimizerConfig(1e-4, new ScheduleConfig(3, 9), 0.8, 0.98, 1e-6, 0.1, 5.0))
                        .withBatching(new BatchingConfig(8, 128, 0.5, Duration.ofSeconds(5)))
                        .withReplay(new ReplayConfig(0.25, 50, Sample.PER_CLASS))
                        .withCheckpoints(new CheckpointConfig(10, Duration.ofMinutes(1), 3, null))
                        .withDrift(new DriftConfig(
                                50,
                                0.2,
                                DriftDetector.PAGE_HINKLEY,
                                500L,
                                Map.of("labelMix", 20L),
                                Map.of("textLength", 0.25),
                                400,
                                300,
                                2))
                        .build());
    }

    @Test
    void shouldReadTheMixOfCorruptions() throws IOException {
        // When / Then
        assertThat(Json.mapper()
                        .readValue("{\"corruption\": \"80-10-10\"}", MaskedTokensConfig.class)
                        .corruption())
                .isEqualTo(Corruption.MIXED);
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void shouldReadEveryMethodByTheNameThatItWrites(Method method) {
        // When / Then
        assertThat(Method.of(method.wireName())).isEqualTo(method);
    }

    @Test
    void shouldUseMaskedTokensForAMethodOrForTexts() {
        // When / Then
        assertThat(with(1L, Method.PLAIN).usesMaskedTokens()).isFalse();
        assertThat(with(1L, Method.SMART).usesMaskedTokens()).isFalse();
        assertThat(with(1L, Method.MASKED_TOKENS).usesMaskedTokens()).isTrue();
        assertThat(with(1L, Method.MASK_TUNING_SMART).usesMaskedTokens()).isTrue();
        assertThat(joining(new BatchingConfig(null, null, 0.1, null), null).usesMaskedTokens())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"32, 0, 0", "32, 0.5, 32", "32, 0.25, 11", "32, 0.9, 288", "1, 0.3, 0", "1, 0.34, 1"})
    void shouldJoinAsManyAsMakeUpTheShare(int fresh, double share, int joining) {
        // When / Then
        assertThat(new ReplayConfig(share, null, null).joining(fresh)).isEqualTo(joining);
        assertThat(new BatchingConfig(fresh, null, share, null).unlabelledTexts())
                .isEqualTo(joining);
    }

    @Test
    void shouldHashWhatDecidesTheResult() {
        // Given
        String hash = DEFAULTS.sha256(TASK);

        // When / Then
        assertThat(with(2L, Method.PLAIN).sha256(TASK)).isNotEqualTo(hash);
        assertThat(with(1L, Method.SMART).sha256(TASK)).isNotEqualTo(hash);
        assertThat(joining(null, new ReplayConfig(0.1, null, null)).sha256(TASK))
                .isNotEqualTo(hash);
        assertThat(joining(new BatchingConfig(null, null, 0.1, null), null).sha256(TASK))
                .isNotEqualTo(hash);
        assertThat(DEFAULTS.sha256(new Task("intent", TaskKind.SINGLE, List.of("cancel", "book"), 1_000)))
                .isNotEqualTo(hash);
    }

    @Test
    void shouldNotHashWhereTheEncoderIsOrWhenCheckpointsAreWritten() {
        // Given
        TrainingConfig moved = TrainingConfigs.plain(Path.of("elsewhere"))
                .withCheckpoints(new CheckpointConfig(1, null, null, null))
                .withDrift(new DriftConfig(1, null, null, null, null, null, null, null, null))
                .build();

        // When / Then
        assertThat(moved.sha256(TASK)).isEqualTo(DEFAULTS.sha256(TASK));
    }

    private static TrainingConfig with(long seed, Method method) {
        return TrainingConfigs.plain(Path.of("encoder"))
                .withSeed(seed)
                .withMethod(method)
                .build();
    }

    private static TrainingConfig joining(BatchingConfig batching, ReplayConfig replay) {
        return TrainingConfigs.plain(Path.of("encoder"))
                .withBatching(batching)
                .withReplay(replay)
                .build();
    }
}
