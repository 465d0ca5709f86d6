package io.millrace.compare;

import io.millrace.compare.result.RunFingerprint;
import io.millrace.trainer.config.TrainedTask;

/**
 * A run to make.
 *
 * @param method the method
 * @param seed the seed
 * @param trained the task and how this run trains it
 * @param fingerprint everything that decides its result
 */
record PlannedRun(MethodChoice method, long seed, TrainedTask trained, RunFingerprint fingerprint) {

    /** Its file name: the method's label and the seed. */
    String fileName() {
        return method.fileName() + "-" + seed;
    }
}
