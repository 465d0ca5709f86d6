package io.millrace.trainer;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.KafkaConnection;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The trainer as a service: one thread that trains the tasks whose partitions Kafka gives it. */
public final class TrainerService implements AutoCloseable {

    public TrainerService(KafkaConnection kafka, Path store, List<TrainedTask> tasks, MeterRegistry metrics) {}

    /** Starts the training thread. */
    public void start() {}

    /** Completes normally once the service is closed, exceptionally with the cause if it fails. */
    public CompletableFuture<Void> terminated() {
        return new CompletableFuture<>();
    }

    /** Asks that what has been read so far be trained now, even if the mini-batch is short, and a checkpoint written. */
    public void drain() {}

    /** Finishes the step, writes and announces a checkpoint, and leaves. */
    @Override
    public void close() {}
}
