package io.millrace.trainer.drift.detector;

/** Looks for a change in the mean of a stream of scores. Its state is small and of fixed size. */
public interface ChangeDetector {

    /**
     * Adds the score of the next example.
     *
     * @param offset the example's offset
     * @return whether the mean has changed; then {@link #began} says since when
     */
    boolean add(Scored scored, long offset);

    /** Where the change began that the newest score completed. */
    Began began();

    /** Forgets all scores. */
    void reset();

    /** The evidence for a change, on a scale on which the detector raises its alarm at 1; never negative. */
    double evidence();

    /** The rule with its numbers, for events. */
    String rule();

    /** Saves or restores its state. */
    void keep(Memory memory);
}
