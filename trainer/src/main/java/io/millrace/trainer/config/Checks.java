package io.millrace.trainer.config;

/** The checks of the configuration records: each names the key, what it expects and what came. */
final class Checks {

    private Checks() {}

    static void require(boolean holds, String key, String expected, Object got) {
        if (!holds) {
            throw new IllegalArgumentException("training." + key + " must be " + expected + ", got " + got);
        }
    }

    /** How many of another kind join {@code some} so that they are {@code share} of all. */
    static int joining(int some, double share) {
        return (int) Math.round(some * share / (1 - share));
    }
}
