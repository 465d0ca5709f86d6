package io.millrace.app.fuzz;

import java.io.IOException;

/** What Jazzer calls: one target of {@link Fuzzed}, by the name that it is started with. */
public final class CoverageGuided {

    private static FuzzTarget target;

    private CoverageGuided() {}

    public static void fuzzerInitialize(String[] args) throws IOException {
        target = Fuzzed.valueOf(args[0]).open();
        // Loads the classes: on the first input the time for that would look like a hang.
        for (byte[] seed : target.seeds()) {
            target.accepts(seed);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        target.accepts(input);
    }
}
