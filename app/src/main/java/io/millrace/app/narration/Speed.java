package io.millrace.app.narration;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a count grows from 0, over the last ten seconds or, if it is asked less often, since it was last asked. */
final class Speed {

    private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nanos, double count) {}

    /** Of a count that is 0 at {@code startNanos}. */
    Speed(long startNanos) {
        samples.addLast(new Sample(startNanos, 0));
    }

    /** The growth per second up to {@code nanos}, when the count is {@code count}; 0 if no time has passed. */
    double perSecond(long nanos, double count) {
        samples.addLast(new Sample(nanos, count));
        // The oldest stays until the one after it covers the window too.
        while (samples.size() > 2 && nanos - second().nanos >= WINDOW_NANOS) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        return nanos == first.nanos ? 0 : (count - first.count) * 1e9 / (nanos - first.nanos);
    }

    private Sample second() {
        return samples.stream().skip(1).findFirst().orElseThrow();
    }
}
