package io.millrace.trainer.config;

import io.millrace.encoder.Compute;
import io.millrace.encoder.Tuning;
import io.millrace.schemas.Task;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.Sha256;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How one task is trained.
 *
 * @param encoder Hugging Face checkpoint directory to start from; required
 * @param seed the root of all randomness; default 1
 * @param compute device and precision
 * @param tuning which weights of the encoder are trained; default all
 * @param objective the method and its numbers
 * @param optimizer AdamW and its schedule
 * @param batching mini-batches
 * @param replay examples of the past that join mini-batches
 * @param checkpoints when to write one and how many to keep
 * @param rollback when training returns to an earlier checkpoint because its loss has exploded
 * @param drift when a drop in test-then-train accuracy is reported
 * @param policy how training answers verdicts and drift
 */
public record TrainingConfig(
        Path encoder,
        Long seed,
        Compute compute,
        Tuning tuning,
        ObjectiveConfig objective,
        OptimizerConfig optimizer,
        BatchingConfig batching,
        ReplayConfig replay,
        CheckpointConfig checkpoints,
        RollbackConfig rollback,
        DriftConfig drift,
        PolicyConfig policy) {

    public TrainingConfig {
        Checks.require(encoder != null, "encoder", "the directory of a Hugging Face checkpoint", "nothing");
        seed = seed == null ? 1L : seed;
        compute = compute == null ? Compute.defaults() : compute;
        tuning = tuning == null ? Tuning.FULL : tuning;
        objective = objective == null ? ObjectiveConfig.defaults() : objective;
        optimizer = optimizer == null ? OptimizerConfig.defaults() : optimizer;
        batching = batching == null ? BatchingConfig.defaults() : batching;
        replay = replay == null ? ReplayConfig.defaults() : replay;
        checkpoints = checkpoints == null ? CheckpointConfig.defaults() : checkpoints;
        rollback = rollback == null ? RollbackConfig.defaults() : rollback;
        drift = drift == null ? DriftConfig.defaults() : drift;
        policy = policy == null ? PolicyConfig.defaults() : policy;
        policy.requireFits(objective.hasRobustTerms() || batching.unlabelledShare() > 0, replay, checkpoints);
    }

    /** The same with another {@code batching.shards}. */
    TrainingConfig withShards(int shards) {
        return new TrainingConfig(
                encoder,
                seed,
                compute,
                tuning,
                objective,
                optimizer,
                batching.withShards(shards),
                replay,
                checkpoints,
                rollback,
                drift,
                policy);
    }

    /** The same, from another encoder and with another optimizer. */
    public TrainingConfig with(Path otherEncoder, OptimizerConfig otherOptimizer) {
        return new TrainingConfig(
                otherEncoder,
                seed,
                compute,
                tuning,
                objective,
                otherOptimizer,
                batching,
                replay,
                checkpoints,
                rollback,
                drift,
                policy);
    }

    /** Whether masked-token prediction takes part in training. */
    public boolean usesMaskedTokens() {
        return objective.method().usesMaskedTokens() || batching.unlabelledShare() > 0;
    }

    /** The key and value below {@code training} that ask for masked-token prediction, where it {@linkplain #usesMaskedTokens takes part}. */
    public String maskedTokensKey() {
        return objective.method().usesMaskedTokens()
                ? "objective.method " + objective.method().wireName()
                : "batching.unlabelledShare " + batching.unlabelledShare();
    }

    /** Hash of what decides the result of training, apart from the encoder and the examples. */
    public String sha256(Task task) {
        return sha256(Json.write(task));
    }

    /** Like {@link #sha256(Task)}, for training on something that {@code subject} describes. */
    public String sha256(String subject) {
        List<Object> deciding =
                new ArrayList<>(List.of(seed, compute, objective, optimizer, batching, replay, subject));
        if (tuning.isPartial()) {
            deciding.add(tuning);
        }
        return Sha256.of(Json.write(deciding));
    }
}
