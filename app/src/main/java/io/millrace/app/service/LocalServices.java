package io.millrace.app.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.app.config.MillraceConfig;
import io.millrace.trainer.TrainerService;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Ingest, trainer and evaluator in one process, against whichever broker the configuration names. */
public final class LocalServices implements AutoCloseable {

    private final TrainerService trainer;
    /** In the order of the stream; the health check reads it from another thread. */
    private final List<RunningService> running = new CopyOnWriteArrayList<>();

    private LocalServices(TrainerService trainer) {
        this.trainer = trainer;
    }

    /** Starts all three; closes what has started if one cannot. */
    public static LocalServices start(MillraceConfig config, MeterRegistry metrics) {
        return start(config, metrics, ServiceListener.NONE);
    }

    /** The same; {@code listener} learns what they publish. */
    public static LocalServices start(MillraceConfig config, MeterRegistry metrics, ServiceListener listener) {
        LocalServices services = new LocalServices(
                new TrainerService(config.kafka(), config.store(), config.trainedTasks(), metrics, listener));
        try {
            services.running.add(0, RunningService.evaluator(config, metrics, listener));
            services.running.add(0, RunningService.trainer(services.trainer));
            services.running.add(0, RunningService.ingest(config, metrics));
            return services;
        } catch (RuntimeException e) {
            services.close();
            throw e;
        }
    }

    /** Completes when the first of them ends: normally if it was closed, exceptionally with the cause if it failed. */
    public CompletableFuture<?> terminated() {
        return CompletableFuture.anyOf(
                running.stream().map(RunningService::terminated).toArray(CompletableFuture<?>[]::new));
    }

    /** Whether all of them are still working. */
    public boolean alive() {
        return running.stream().allMatch(RunningService::alive);
    }

    /** Asks the trainer to train all examples read so far and to write a checkpoint. */
    public void drain() {
        trainer.drain();
    }

    /** Closes them in the order of the stream, so that each still has its successor: ingest, trainer, evaluator. */
    @Override
    public void close() {
        RuntimeException first = null;
        for (RunningService service : running) {
            try {
                service.close();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
