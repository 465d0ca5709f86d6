package io.millrace.trainer.learner;

import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.torchscript.ComputeThreads;
import io.millrace.trainer.config.TrainingConfig;

/** Into how many parts a mini-batch is divided, each computed on a thread of its own. */
final class Shards {

    private static final int MOST = 8;
    private static final int LEAST_EXAMPLES = 4;

    private Shards() {}

    /**
     * How many parts a configuration means: by default as many as there are compute threads, up to {@value #MOST}, and not so many that a part has
     * less than {@value #LEAST_EXAMPLES} examples. One on a GPU, and for an encoder that cannot be trained in parts.
     */
    static int count(TrainingConfig config, TextEncoder encoder) {
        if (encoder.manager().getDevice().isGpu() || !encoder.isDivisible()) {
            return 1;
        }
        Integer configured = config.batching().shards();
        return configured != null
                ? configured
                : Math.max(
                        1,
                        Math.min(
                                Math.min(MOST, ComputeThreads.count()),
                                config.batching().batchSize() / LEAST_EXAMPLES));
    }
}
