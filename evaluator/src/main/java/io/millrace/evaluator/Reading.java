package io.millrace.evaluator;

import java.util.function.Function;

/** What a record on {@code checkpoints} turns out to be. */
sealed interface Reading permits Announced, Skipped {

    /** What comes of it: what {@code judge} says of a checkpoint, or that it is skipped. */
    Outcome outcome(Function<Announced, Outcome> judge);
}
