package io.millrace.trainer.objective;

import io.millrace.encoder.TokenizedText;

import java.util.random.RandomGenerator;

/** Which tokens of an example are masked. */
@FunctionalInterface
public interface MaskingPolicy {

    /** One flag a token; never a special token; at least one token unless the example has none that can be masked. */
    boolean[] select(TokenizedText text, RandomGenerator random);
}
