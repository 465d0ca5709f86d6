package io.millrace.app.chaos;

import java.util.SplittableRandom;

/**
 * How much the tests of faults inject. The defaults are the short form, a part of every build; {@code -Pchaos} sets the long one. What
 * is random follows from one seed, which every test prints.
 */
final class Chaos {

    /** How often a process is killed. */
    static final int KILLS = Integer.getInteger("millrace.chaos.kills", 1);

    /** Whether services are killed in every combination, or only all at once. */
    static final boolean EVERY_COMBINATION = Boolean.getBoolean("millrace.chaos.everyCombination");

    /** How long a broker stays away. */
    static final int AWAY_SECONDS = Integer.getInteger("millrace.chaos.awaySeconds", 4);

    private static final long SEED = Long.getLong("millrace.chaos.seed", System.nanoTime());

    private Chaos() {}

    /** The random numbers of one test. */
    static SplittableRandom random(Class<?> test) {
        System.out.println(test.getSimpleName() + ": chaos seed " + SEED
                + "; the same again: ./mvnw -Pchaos verify -Dmillrace.chaos.seed=" + SEED);
        return new SplittableRandom(SEED);
    }
}
