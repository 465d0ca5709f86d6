package io.millrace.trainer.drift;

import io.millrace.trainer.drift.detector.Memory;
import io.millrace.trainer.drift.detector.Scored;
import org.jspecify.annotations.Nullable;

/** A property of the stream, as a score in [0, 1] per example whose mean changes with it. */
interface Statistic {

    /** The score of the next example; null as long as the reference is being learned. */
    @Nullable
    Scored take(Observation next);

    /** Learns the reference anew, from the next examples. */
    void newBaseline();

    /** Whether a fall of the mean is drift, as a rise is. */
    default boolean isTwoSided() {
        return false;
    }

    /** Whether what is scored changes over time: then a score compares with the reference of its own time only. */
    default boolean changesScore() {
        return false;
    }

    /** Saves or restores its state. */
    void keep(Memory memory);
}
