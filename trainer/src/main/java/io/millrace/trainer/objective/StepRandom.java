package io.millrace.trainer.objective;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The randomness of one step: everything derives from (seed, step, purpose, shard), so that nothing needs to be saved and any step can be
 * repeated.
 *
 * @param seed the task's root seed
 * @param step the step about to be done, 1 for the first
 * @param shard the part of the mini-batch, 0 for the first
 */
public record StepRandom(long seed, long step, int shard) {

    /** The randomness of a whole step. */
    public StepRandom(long seed, long step) {
        this(seed, step, 0);
    }

    /** The randomness of a part of the step's mini-batch. */
    public StepRandom ofShard(int part) {
        return new StepRandom(seed, step, part);
    }

    /** Uses of randomness. */
    public enum Purpose {
        HEAD(1),
        DROPOUT(2),
        PERTURBATION(3),
        MASKING(4),
        UNLABELLED_MASKING(6),
        DECODER(7),
        REPLAY(8),
        ADAPTERS(9);

        private final long salt;

        Purpose(long salt) {
            this.salt = salt;
        }
    }

    /** A generator for draws in Java. */
    public RandomGenerator generator(Purpose purpose) {
        return new SplittableRandom(derive(purpose));
    }

    /** The finalizer of SplitMix64 over the parts, one after the other. */
    private long derive(Purpose purpose) {
        long ofStep = mix(mix(mix(seed) + step) + purpose.salt);
        return shard == 0 ? ofStep : mix(ofStep + shard);
    }

    private static long mix(long z) {
        long x = z + 0x9e3779b97f4a7c15L;
        x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
        x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
        return x ^ (x >>> 31);
    }
}
