package io.millrace.compare;

import io.millrace.compare.result.RunFingerprint;
import io.millrace.trainer.config.TrainedTask;

/**
 * A run that is to be made.
 *
 * @param method the method
 * @param seed the seed
 * @param trained the task and how this run trains it
 * @param fingerprint what decides the result
 */
record PlannedRun(MethodChoice method, long seed, TrainedTask trained, RunFingerprint fingerprint) {

    /** Its name among files: the method's label and the seed. */
    String fileName() {
        return method.fileName() + "-" + seed;
    }
}
