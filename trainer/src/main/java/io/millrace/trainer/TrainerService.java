package io.millrace.trainer;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.MessageLimits;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.checkpoint.UnsettledAnnouncementException;
import io.millrace.trainer.config.TrainedTask;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The trainer as a service: one thread trains the tasks whose partitions Kafka assigns to it. If the broker has dropped it, it starts
 * over with new clients. A task that cannot be opened fails alone, as long as another is left. Any other failure ends the service; its
 * supervisor restarts it. Each start resumes from the newest announced checkpoint.
 */
public final class TrainerService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrainerService.class);

    private final TrainerContext context;
    private final List<TrainedTask> tasks;
    private final FailedTasks failed;
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, "millrace-trainer");
    private @Nullable TrainingLoop loop;
    private boolean stopping;
    private boolean draining;

    /**
     * A trainer of {@code tasks}.
     *
     * @param store root directory of the checkpoints, the same for trainers and evaluators
     */
    public TrainerService(KafkaConnection kafka, Path store, List<TrainedTask> tasks, MeterRegistry metrics) {
        this(kafka, store, tasks, metrics, TrainerListener.NONE);
    }

    /** The same, whose {@code listener} learns what it publishes. */
    public TrainerService(
            KafkaConnection kafka,
            Path store,
            List<TrainedTask> tasks,
            MeterRegistry metrics,
            TrainerListener listener) {
        context = new TrainerContext(kafka, store, metrics, listener);
        this.tasks = List.copyOf(tasks);
        failed = new FailedTasks(metrics, tasks);
    }

    /** Starts the training thread. */
    public void start() {
        thread.start();
    }

    private void run() {
        try {
            int maxRejectedBytes = prepareTopics();
            boolean closed = false;
            while (!closed) {
                closed = train(maxRejectedBytes);
            }
            terminated.complete(null);
        } catch (Throwable e) {
            // Errors too: the supervisor must learn that the service has ended, whatever ended it.
            terminated.completeExceptionally(e);
        }
    }

    /** Trains until it is closed, and returns true; false if new clients are needed. */
    private boolean train(int maxRejectedBytes) {
        try (TrainingLoop running = new TrainingLoop(context, tasks, maxRejectedBytes, failed)) {
            boolean closed = !publish(running) || running.run();
            if (!closed) {
                LOG.warn("Partitions were added to accepted-examples: the trainer reopens its tasks.");
            }
            return closed;
        } catch (UnsettledAnnouncementException e) {
            if (isStopping()) {
                throw e;
            }
            LOG.warn("The trainer resumes from its newest announced checkpoints: {}", e.getMessage());
            return false;
        } finally {
            publish(null);
        }
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    /** Creates missing topics, and returns the largest batch that {@code rejected-examples} takes, in bytes. */
    private int prepareTopics() throws InterruptedException {
        KafkaConnection kafka = context.kafka();
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.prepare(kafka, admin).forEach(LOG::warn);
            return requireNonNull(
                    MessageLimits.read(kafka, admin, Topics.REJECTED_EXAMPLES).get(Topics.REJECTED_EXAMPLES));
        }
    }

    /** Publishes the loop to the other methods; false if the service was closed meanwhile. */
    private synchronized boolean publish(@Nullable TrainingLoop running) {
        loop = running;
        if (running != null && draining) {
            running.drain();
        }
        return !stopping;
    }

    /** Completes normally once the service is closed, exceptionally with the cause if it fails. */
    public CompletableFuture<Void> terminated() {
        return terminated;
    }

    /** Requests that all examples read so far are trained now, even in a short mini-batch, and a checkpoint is written. */
    public synchronized void drain() {
        draining = true;
        if (loop != null) {
            loop.drain();
        }
    }

    /** Finishes the step, writes and announces a checkpoint, and leaves. Safe to call more than once. */
    @Override
    public void close() {
        synchronized (this) {
            stopping = true;
            if (loop != null) {
                loop.stop();
            }
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
