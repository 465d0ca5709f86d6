package io.millrace.trainer.config;

import io.millrace.encoder.Compute;
import io.millrace.encoder.Tuning;

import java.nio.file.Path;

/** Builds training configurations for tests: everything that a test does not name has its default. */
public final class TrainingConfigs {

    private final Path encoder;
    private Long seed;
    private Compute compute;
    private Tuning tuning = Tuning.FULL;
    private ObjectiveConfig objective;
    private OptimizerConfig optimizer;
    private BatchingConfig batching;
    private ReplayConfig replay;
    private CheckpointConfig checkpoints;
    private RollbackConfig rollback;
    private DriftConfig drift;
    private PolicyConfig policy;

    private TrainingConfigs(Path encoder) {
        this.encoder = encoder;
    }

    /** The defaults: method plain. */
    public static TrainingConfigs plain(Path encoder) {
        return new TrainingConfigs(encoder);
    }

    /** The values of another configuration. */
    public static TrainingConfigs like(TrainingConfig config) {
        return like(config, config.encoder());
    }

    /** The values of another configuration, with another encoder. */
    public static TrainingConfigs like(TrainingConfig config, Path encoder) {
        return plain(encoder)
                .withSeed(config.seed())
                .withCompute(config.compute())
                .withObjective(config.objective())
                .withOptimizer(config.optimizer())
                .withBatching(config.batching())
                .withReplay(config.replay())
                .withCheckpoints(config.checkpoints())
                .withRollback(config.rollback())
                .withDrift(config.drift())
                .withPolicy(config.policy());
    }

    public TrainingConfigs withSeed(long value) {
        seed = value;
        return this;
    }

    public TrainingConfigs withCompute(Compute value) {
        compute = value;
        return this;
    }

    public TrainingConfigs withMethod(Method value) {
        return withObjective(ObjectiveConfig.of(value));
    }

    public TrainingConfigs withObjective(ObjectiveConfig value) {
        objective = value;
        return this;
    }

    public TrainingConfigs withOptimizer(OptimizerConfig value) {
        optimizer = value;
        return this;
    }

    public TrainingConfigs withBatching(BatchingConfig value) {
        batching = value;
        return this;
    }

    public TrainingConfigs withReplay(ReplayConfig value) {
        replay = value;
        return this;
    }

    public TrainingConfigs withCheckpoints(CheckpointConfig value) {
        checkpoints = value;
        return this;
    }

    public TrainingConfigs withRollback(RollbackConfig value) {
        rollback = value;
        return this;
    }

    public TrainingConfigs withDrift(DriftConfig value) {
        drift = value;
        return this;
    }

    public TrainingConfigs withTuning(Tuning value) {
        tuning = value;
        return this;
    }

    public TrainingConfigs withPolicy(PolicyConfig value) {
        policy = value;
        return this;
    }

    /** With the default numbers of a policy. */
    public TrainingConfigs withPolicy(Response onRejection, Response onDrift) {
        return withPolicy(new PolicyConfig(onRejection, onDrift, null, null, null, null, null, null));
    }

    public TrainingConfig build() {
        return new TrainingConfig(
                encoder,
                seed,
                compute,
                tuning,
                objective,
                optimizer,
                batching,
                replay,
                checkpoints,
                rollback,
                drift,
                policy);
    }
}
