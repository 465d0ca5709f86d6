package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * How a stream becomes mini-batches.
 *
 * @param batchSize examples per step; default 32
 * @param maxTokens longest example in tokens, longer ones are truncated; default 64
 * @param unlabelledShare share of a step's examples that are unlabelled texts of the topic texts, as long as there are any; default 0: none
 *     are read
 * @param idleAfter how long the stream must be silent before a short mini-batch is trained and a checkpoint is written; default 30 s
 * @param shards parts of a mini-batch that are computed at once, one thread each, on the CPU; default as many as there are compute threads, up
 *     to 8, and at least 4 examples in each. The last bits of the results follow from it; every checkpoint records it
 */
public record BatchingConfig(
        Integer batchSize, Integer maxTokens, Double unlabelledShare, Duration idleAfter, @Nullable Integer shards) {

    private static final BatchingConfig DEFAULTS = new BatchingConfig(32, 64, 0.0, Duration.ofSeconds(30));

    public BatchingConfig {
        batchSize = batchSize == null ? DEFAULTS.batchSize : batchSize;
        maxTokens = maxTokens == null ? DEFAULTS.maxTokens : maxTokens;
        unlabelledShare = unlabelledShare == null ? DEFAULTS.unlabelledShare : unlabelledShare;
        idleAfter = idleAfter == null ? DEFAULTS.idleAfter : idleAfter;
        require(batchSize >= 1, "batching.batchSize", "at least 1", batchSize);
        require(maxTokens >= 3, "batching.maxTokens", "at least 3", maxTokens);
        require(
                unlabelledShare >= 0 && unlabelledShare <= 0.9,
                "batching.unlabelledShare",
                "in [0, 0.9]",
                unlabelledShare);
        if (shards != null) {
            require(shards >= 1 && shards <= 64, "batching.shards", "in [1, 64]", shards);
        }
        require(idleAfter.toMillis() >= 1, "batching.idleAfter", "a positive duration", idleAfter);
    }

    /** With the default number of shards. */
    public BatchingConfig(Integer batchSize, Integer maxTokens, Double unlabelledShare, Duration idleAfter) {
        this(batchSize, maxTokens, unlabelledShare, idleAfter, null);
    }

    /** The same with another number of shards. */
    BatchingConfig withShards(int other) {
        return new BatchingConfig(batchSize, maxTokens, unlabelledShare, idleAfter, other);
    }

    /** The defaults. */
    static BatchingConfig defaults() {
        return DEFAULTS;
    }

    /** How many unlabelled texts join a full mini-batch: {@code batchSize * share / (1 - share)}, rounded. */
    public int unlabelledTexts() {
        return Checks.joining(batchSize, unlabelledShare);
    }
}
