package io.millrace.app.page.view;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/** How fast counters grow, over the newest half minute. Safe for several threads. */
final class Rates {

    private static final int SAMPLES = 30;

    private final Map<String, Deque<Sample>> samples = new HashMap<>();

    private record Sample(long nanos, double count) {}

    /** Notes the value of a counter. */
    synchronized void add(String counter, long nanos, double count) {
        Deque<Sample> its = samples.computeIfAbsent(counter, key -> new ArrayDeque<>());
        its.addLast(new Sample(nanos, count));
        if (its.size() > SAMPLES) {
            its.removeFirst();
        }
    }

    /** The growth per second; empty before the second sample. */
    synchronized OptionalDouble perSecond(String counter) {
        Deque<Sample> its = samples.getOrDefault(counter, new ArrayDeque<>());
        if (its.size() < 2) {
            return OptionalDouble.empty();
        }
        Sample first = its.getFirst();
        Sample last = its.getLast();
        double seconds = (last.nanos - first.nanos) / (double) TimeUnit.SECONDS.toNanos(1);
        return seconds > 0 ? OptionalDouble.of((last.count - first.count) / seconds) : OptionalDouble.empty();
    }
}
