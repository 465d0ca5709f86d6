package io.millrace.app.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.metrics.DiskSpace;
import io.millrace.evaluator.EvaluatorService;
import io.millrace.ingest.IngestService;
import io.millrace.trainer.TrainerService;

import java.util.concurrent.CompletableFuture;

/**
 * A started service of any kind.
 *
 * @param name ingest, trainer or evaluator
 * @param terminated completes normally once the service is closed, exceptionally with the cause if it fails
 * @param closer closes it
 */
public record RunningService(String name, CompletableFuture<Void> terminated, Runnable closer)
        implements AutoCloseable {

    /** Starts one of the services as configured. */
    @FunctionalInterface
    public interface Starter {
        RunningService start(MillraceConfig config, MeterRegistry metrics, ServiceListener listener);
    }

    /** Ingest; it publishes nothing that a listener could learn. */
    public static RunningService ingest(MillraceConfig config, MeterRegistry metrics, ServiceListener listener) {
        return ingest(config, metrics);
    }

    public static RunningService ingest(MillraceConfig config, MeterRegistry metrics) {
        DiskSpace.measure(metrics, "ingest-state", config.ingest().stateDir());
        IngestService service =
                new IngestService(config.kafka(), config.ingest(), config.ingestedTasks(), config.sources(), metrics);
        service.start();
        return new RunningService("ingest", service.terminated(), service::close);
    }

    public static RunningService trainer(MillraceConfig config, MeterRegistry metrics) {
        return trainer(config, metrics, ServiceListener.NONE);
    }

    public static RunningService trainer(MillraceConfig config, MeterRegistry metrics, ServiceListener listener) {
        measureStore(config, metrics);
        return trainer(new TrainerService(config.kafka(), config.store(), config.trainedTasks(), metrics, listener));
    }

    static RunningService trainer(TrainerService service) {
        service.start();
        return new RunningService("trainer", service.terminated(), service::close);
    }

    public static RunningService evaluator(MillraceConfig config, MeterRegistry metrics) {
        return evaluator(config, metrics, ServiceListener.NONE);
    }

    public static RunningService evaluator(MillraceConfig config, MeterRegistry metrics, ServiceListener listener) {
        measureStore(config, metrics);
        EvaluatorService service =
                new EvaluatorService(config.kafka(), config.store(), config.evaluatedTasks(), metrics, listener);
        service.start();
        return new RunningService("evaluator", service.terminated(), service::close);
    }

    private static void measureStore(MillraceConfig config, MeterRegistry metrics) {
        DiskSpace.measure(metrics, "store", config.store());
    }

    /** Whether it is still working. */
    public boolean alive() {
        return !terminated.isDone();
    }

    @Override
    public void close() {
        closer.run();
    }
}
