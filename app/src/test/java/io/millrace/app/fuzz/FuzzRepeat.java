package io.millrace.app.fuzz;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;

/** Gives a target one input again; no part of any build. */
class FuzzRepeat {

    private static final String TARGET = "millrace.fuzz.target";
    private static final String INPUT = "millrace.fuzz.input";

    @Test
    void shouldReadOrRefuseOneInput() throws Exception {
        // Given
        FuzzTarget target = Fuzzed.valueOf(System.getProperty(TARGET)).open();
        byte[] input = Files.readAllBytes(Path.of(System.getProperty(INPUT)));

        // When
        boolean accepted = target.accepts(input);

        // Then it has not failed
        System.out.println(accepted ? "accepted" : "refused");
    }

    /** The command that does it. */
    static String command(Fuzzed fuzzed, Path input) {
        return "./mvnw -pl app -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest=FuzzRepeat -D" + TARGET + "="
                + fuzzed + " -D" + INPUT + "=" + input;
    }
}
