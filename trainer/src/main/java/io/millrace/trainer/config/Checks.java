package io.millrace.trainer.config;

/** Checks of the configuration records: a message names the key, the expected value and the actual one. */
final class Checks {

    private Checks() {}

    static void require(boolean holds, String key, String expected, Object got) {
        if (!holds) {
            throw new IllegalArgumentException("training." + key + " must be " + expected + ", got " + got);
        }
    }

    /** How many others must join {@code some} to be {@code share} of all. */
    static int joining(int some, double share) {
        return (int) Math.round(some * share / (1 - share));
    }
}
