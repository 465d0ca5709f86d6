package io.millrace.app.bench;

import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** How far a stage has come in {@code accepted-examples}, and when. The services add to it from their threads. */
final class Reached {

    /** In place of a time. */
    static final long NEVER = Long.MAX_VALUE;

    /** Milliseconds since the epoch, by the first offset that the stage had not reached then. */
    private final ConcurrentNavigableMap<Long, Long> millisByNext = new ConcurrentSkipListMap<>();

    /**
     * The stage has reached all offsets before {@code next}.
     *
     * @param millis since the epoch
     */
    void add(long next, long millis) {
        millisByNext.putIfAbsent(next, millis);
    }

    /** When it reached an offset, in milliseconds since the epoch; {@link #NEVER} if it has not. */
    long at(long offset) {
        Map.Entry<Long, Long> first = millisByNext.higherEntry(offset);
        return first == null ? NEVER : first.getValue();
    }

    int size() {
        return millisByNext.size();
    }
}
