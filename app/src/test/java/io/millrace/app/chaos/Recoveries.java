package io.millrace.app.chaos;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** How long it took after each fault of a kind until work went on: a row of docs/reliability.md. */
final class Recoveries {

    private final String fault;
    private final LongStream.Builder nanos = LongStream.builder();

    Recoveries(String fault) {
        this.fault = fault;
    }

    /** The fault that began, or was taken away, at this {@link System#nanoTime} is over. */
    void over(long sinceNanos) {
        nanos.add(System.nanoTime() - sinceNanos);
    }

    /** Prints the row. To be called when it has been proved that nothing was lost. */
    void print() {
        double[] seconds = nanos.build()
                .sorted()
                .mapToDouble(taken -> taken / (double) TimeUnit.SECONDS.toNanos(1))
                .toArray();
        System.out.printf(
                Locale.ROOT,
                "| %s | %d times | 0 lost | median %.1f s | worst %.1f s |%n",
                fault,
                seconds.length,
                seconds[seconds.length / 2],
                seconds[seconds.length - 1]);
    }
}
