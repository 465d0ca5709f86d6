package io.millrace.trainer.learner;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The time of each part of one step; {@link #start} begins the next one. */
public final class StepTimes implements StepClock {

    private final LongSupplier nanos;
    private final Map<Part, Long> parts = new EnumMap<>(Part.class);
    private long last;

    /**
     * Times by a clock.
     *
     * @param nanos the time in nanoseconds since any moment
     */
    public StepTimes(LongSupplier nanos) {
        this.nanos = nanos;
        start();
    }

    /** Begins a step: every part is at 0. */
    public void start() {
        for (Part part : Part.values()) {
            parts.put(part, 0L);
        }
        last = nanos.getAsLong();
    }

    @Override
    public void lap(Part part) {
        long now = nanos.getAsLong();
        parts.merge(part, now - last, Long::sum);
        last = now;
    }

    /** The parts of the step so far, in nanoseconds. */
    public Map<Part, Long> nanos() {
        return new EnumMap<>(parts);
    }
}
