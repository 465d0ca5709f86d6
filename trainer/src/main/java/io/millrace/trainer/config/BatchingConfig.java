package io.millrace.trainer.config;

import static io.millrace.trainer.config.Checks.require;

import java.time.Duration;

/**
 * How a stream becomes mini-batches.
 *
 * @param batchSize examples per step; default 32
 * @param maxTokens longest example in tokens, longer ones are truncated; default 64
 * @param unlabelledShare share of a step's examples that are unlabelled texts of the topic texts, as long as there are any; default 0: none
 *     are read
 * @param idleAfter how long the stream must be silent before a short mini-batch is trained and a checkpoint is written; default 30 s
 */
public record BatchingConfig(Integer batchSize, Integer maxTokens, Double unlabelledShare, Duration idleAfter) {

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
        require(idleAfter.toMillis() >= 1, "batching.idleAfter", "a positive duration", idleAfter);
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
