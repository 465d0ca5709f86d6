package io.millrace.app.bench.ingest;

import java.time.Duration;

/**
 * How fast records become visible to readers of committed records, while more wait than are processed.
 *
 * @param recordsPerSecond records per second, from the end of the warm-up to the last record
 */
record Throughput(double recordsPerSecond) {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration QUIET = Duration.ofMillis(400);
    private static final int POLL_MS = 20;

    /** The share of the records during which a young virtual machine compiles. */
    private static final int WARM_UP = 2;

    /**
     * Watches until all have come.
     *
     * @param records how many are on {@code examples}
     * @throws IllegalStateException if fewer come, or none for a minute
     */
    static Throughput watch(RunTopics topics, StreamsChild child, long records) throws InterruptedException {
        long warm = 0;
        long warmNanos = 0;
        long seen = 0;
        long seenNanos = System.nanoTime();
        while (seen < records || System.nanoTime() - seenNanos < QUIET.toNanos()) {
            child.check();
            long now = topics.committed();
            long nanos = System.nanoTime();
            if (now > seen) {
                seen = now;
                seenNanos = nanos;
            } else if (nanos - seenNanos > PATIENCE.toNanos()) {
                throw new IllegalStateException("only " + seen + " of " + records
                        + " records were passed on, and none in the last minute. Is the disk full?");
            }
            if (warm == 0 && seen >= records / WARM_UP) {
                warm = seen;
                warmNanos = nanos;
            }
            Thread.sleep(POLL_MS);
        }
        return new Throughput((seen - warm) / ((seenNanos - warmNanos) / 1e9));
    }
}
