package io.millrace.evaluator;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.KafkaConnection;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The evaluator as a service: scores every announced checkpoint and gives its verdict. */
public final class EvaluatorService implements AutoCloseable {

    public EvaluatorService(KafkaConnection kafka, Path store, List<EvaluatedTask> tasks, MeterRegistry metrics) {}

    /** Starts the evaluation thread. */
    public void start() {}

    /** Completes normally once the service is closed, exceptionally with the cause if it fails. */
    public CompletableFuture<Void> terminated() {
        return new CompletableFuture<>();
    }

    @Override
    public void close() {}
}
