package io.millrace.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.KafkaConnection;
import io.millrace.schemas.Task;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Ingest as a service: the Kafka Streams application that turns {@code examples} into {@code accepted-examples}. */
public final class IngestService implements AutoCloseable {

    public IngestService(KafkaConnection kafka, IngestConfig config, List<Task> tasks, MeterRegistry metrics) {}

    /** Starts the stream threads. */
    public void start() {}

    /** Completes normally once the service is closed, exceptionally with the cause if it fails. */
    public CompletableFuture<Void> terminated() {
        return new CompletableFuture<>();
    }

    @Override
    public void close() {}
}
