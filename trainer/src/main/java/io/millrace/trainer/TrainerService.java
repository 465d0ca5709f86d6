package io.millrace.trainer;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.MessageLimits;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.checkpoint.UnsettledAnnouncementException;
import io.millrace.trainer.config.TrainedTask;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The trainer as a service: one thread that trains the tasks whose partitions Kafka gives it. If the broker has given it up meanwhile, it
 * begins again with new clients. A task that cannot be opened fails alone, as long as another is left. Any other failure ends it; it is started again by whoever runs it. Each goes on from the newest announced
 * checkpoint.
 */
public final class TrainerService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrainerService.class);

    private final KafkaConnection kafka;
    private final Path store;
    private final List<TrainedTask> tasks;
    private final MeterRegistry metrics;
    private final FailedTasks failed;
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, "millrace-trainer");
    private TrainingLoop loop;
    private boolean stopping;
    private boolean draining;

    /**
     * A trainer of {@code tasks}.
     *
     * @param store root directory of the checkpoints, the same for trainers and evaluators
     */
    public TrainerService(KafkaConnection kafka, Path store, List<TrainedTask> tasks, MeterRegistry metrics) {
        this.kafka = kafka;
        this.store = store;
        this.tasks = List.copyOf(tasks);
        this.metrics = metrics;
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
            // Errors too: whoever runs the service must hear of its end, whatever ended it.
            terminated.completeExceptionally(e);
        }
    }

    /** Whether it has trained until it was closed; otherwise its clients were of no more use. */
    private boolean train(int maxRejectedBytes) {
        try (TrainingLoop running = new TrainingLoop(kafka, store, tasks, metrics, maxRejectedBytes, failed)) {
            boolean closed = !publish(running) || running.run();
            if (!closed) {
                LOG.warn("Partitions were added to accepted-examples: the trainer opens its tasks anew.");
            }
            return closed;
        } catch (UnsettledAnnouncementException e) {
            if (isStopping()) {
                throw e;
            }
            LOG.warn("The trainer goes on from what is announced: {}", e.getMessage());
            return false;
        } finally {
            publish(null);
        }
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    /** Creates the topics that are missing, and reads what {@code rejected-examples} takes, in bytes. */
    private int prepareTopics() throws InterruptedException {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.prepare(kafka, admin).forEach(LOG::warn);
            return MessageLimits.read(kafka, admin, Topics.REJECTED_EXAMPLES).get(Topics.REJECTED_EXAMPLES);
        }
    }

    /** Makes the loop known to the other methods; false if the service was closed meanwhile. */
    private synchronized boolean publish(TrainingLoop running) {
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

    /** Asks that what has been read so far be trained now, even if the mini-batch is short, and a checkpoint be written. */
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
