package io.millrace.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import org.apache.kafka.streams.KafkaStreams;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The meters of Kafka Streams and its clients. The lag of a partition is a meter that comes and goes with its assignment, so they are
 * looked for every ten seconds: for that long after a start or a rebalance no one knows how far ingest is behind.
 */
final class StreamsMeters implements AutoCloseable {

    private static final Duration REFRESH = Duration.ofSeconds(10);

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "millrace-ingest-meters");
        thread.setDaemon(true);
        return thread;
    });
    private final KafkaStreamsMetrics metrics;

    StreamsMeters(KafkaStreams streams, MeterRegistry registry) {
        metrics = new KafkaStreamsMetrics(streams, List.of(), scheduler, REFRESH);
        metrics.bindTo(registry);
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        metrics.close();
    }
}
