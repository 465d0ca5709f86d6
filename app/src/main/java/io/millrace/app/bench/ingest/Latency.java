package io.millrace.app.bench.ingest;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Time from handing a record to the producer until a reader of committed records has it, in milliseconds.
 *
 * @param p50 the median
 * @param p99 99 of 100 records take no longer
 */
record Latency(double p50, double p99) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(100);

    /**
     * Sends records at a steady rate, and waits for all.
     *
     * @param first number of the first record
     * @param count how many, at least one
     * @param rate records per second
     * @throws IllegalStateException if one does not come, or comes twice
     */
    static Latency measure(RunTopics topics, ExampleSupply supply, int first, int count, int rate)
            throws InterruptedException {
        long[] sentNanos = new long[count];
        long[] tookNanos = new long[count];
        Map<String, Object> settings = topics.kafka().clientProperties();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(topics.output());
            consumer.seekToEnd(topics.output());
            // Seeking waits for the next poll or position.
            topics.output().forEach(consumer::position);
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(() -> send(topics, supply, first, rate, sentNanos));
            receive(consumer, first, sentNanos, tookNanos);
            sending.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot send the records of the bench: " + e.getCause(), e);
        }
        return of(tookNanos);
    }

    /** Of times in nanoseconds. */
    static Latency of(long[] tookNanos) {
        long[] sorted = tookNanos.clone();
        Arrays.sort(sorted);
        return new Latency(at(sorted, 0.5), at(sorted, 0.99));
    }

    private static double at(long[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1] / 1e6;
    }

    private static void send(RunTopics topics, ExampleSupply supply, int first, int rate, long[] sentNanos) {
        long start = System.nanoTime();
        for (int i = 0; i < sentNanos.length; i++) {
            long due = start + (long) (i * 1e9 / rate);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            // A record that is sent late counts from when it was due: its delay is part of what a user sees.
            sentNanos[i] = due;
            topics.send(supply, first + i);
        }
    }

    private static void receive(KafkaConsumer<byte[], byte[]> consumer, int first, long[] sentNanos, long[] tookNanos) {
        int missing = tookNanos.length;
        long progress = System.nanoTime();
        while (missing > 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                int i = ExampleSupply.numberOf(record.value()) - first;
                progress = System.nanoTime();
                if (tookNanos[i] != 0) {
                    throw new IllegalStateException("record " + (first + i) + " of the bench came twice");
                }
                tookNanos[i] = progress - sentNanos[i];
                missing--;
            }
            if (System.nanoTime() - progress > PATIENCE.toNanos()) {
                throw new IllegalStateException(missing + " of " + tookNanos.length + " records did not come within "
                        + PATIENCE.toSeconds() + " s. Is --rate above what this machine processes?");
            }
        }
    }
}
