package io.millrace.app.fuzz;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Mutated inputs for everything that reads bytes from outside: a few thousand in a build, a million with {@code -Pchaos}.
 * The same seed gives the same inputs.
 */
class FuzzTest {

    private static final String SEED = "millrace.fuzz.seed";
    private static final String INPUTS = "millrace.fuzz.inputs";

    @ParameterizedTest
    @EnumSource
    void shouldReadOrRefuseWhateverTheBytesAre(Fuzzed fuzzed) throws Exception {
        // Given
        Campaign campaign = new Campaign(fuzzed, Long.getLong(SEED, 1));

        // When
        String outcome = campaign.run(fuzzed.inputs(Long.getLong(INPUTS, 10_000)));

        // Then no input has failed
        System.out.println(outcome);
    }
}
