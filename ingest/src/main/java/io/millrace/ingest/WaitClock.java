package io.millrace.ingest;

import java.time.Duration;

/**
 * The time by which texts and labels wait for each other. It follows this machine's clock, so that it runs on a quiet stream
 * too, but only while ingest is up and up to date. It stands still
 *
 * <ul>
 *   <li>while ingest is down: it resumes with the time that was stored;
 *   <li>for the first minute after a start, in which what has collected on the topics begins to come;
 *   <li>while records come that are more than a minute old: a backlog, in which the other half may be further behind.
 * </ul>
 *
 * <p>So a restart after a long stop does not expire what has its other half on a topic already. It stands still for at most the
 * longest window at a time: a producer whose timestamps are always old cannot keep halves for ever. A single leap of the
 * machine's clock counts as a minute at most.
 */
final class WaitClock {

    /** How old a record may be that is not part of a backlog. */
    static final Duration LATE = Duration.ofMinutes(1);

    private static final long LONGEST_STEP_MS = Duration.ofMinutes(1).toMillis();

    private final long settleMs;
    private final long longestStandstillMs;
    private long timeMs;
    private long machineMs;
    private long sinceStartMs;
    private long standstillMs;
    private boolean backlog;

    /**
     * A clock that resumes.
     *
     * @param timeMs its stored time, in milliseconds of waiting
     * @param longestWindow of all sources
     * @param machineMs this machine's clock
     */
    WaitClock(long timeMs, Duration longestWindow, long machineMs) {
        this.timeMs = timeMs;
        this.machineMs = machineMs;
        this.longestStandstillMs = longestWindow.toMillis();
        this.settleMs = Math.min(LATE.toMillis(), longestStandstillMs);
    }

    long timeMs() {
        return timeMs;
    }

    /** Notes a record: {@code readMs} is when it was read, {@code producedMs} when its producer says that it was written. */
    void saw(long readMs, long producedMs) {
        backlog |= readMs - producedMs > LATE.toMillis();
    }

    /** Goes on to this time of the machine's clock, if it runs. */
    void tick(long nowMs) {
        long stepMs = Math.min(Math.max(0, nowMs - machineMs), LONGEST_STEP_MS);
        machineMs = nowMs;
        boolean settling = sinceStartMs < settleMs;
        sinceStartMs += stepMs;
        if (settling || (backlog && standstillMs < longestStandstillMs)) {
            standstillMs += stepMs;
        } else {
            timeMs += stepMs;
            standstillMs = backlog ? standstillMs : 0;
        }
        backlog = false;
    }
}
