package io.millrace.evaluator;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.millrace.encoder.TextEncoder;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.models.ModelStore;
import io.millrace.evaluator.score.ClassifierScorer;
import io.millrace.evaluator.state.EvaluatorState;
import io.millrace.evaluator.state.HighWatermarks;
import io.millrace.evaluator.state.TopicReplay;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The evaluator as a service: scores every announced checkpoint and gives its verdict. Any number of them may run; the
 * group protocol shares out the tasks. One thread polls and writes; another one, beside it, reads the state and scores,
 * and owns all native memory.
 */
public final class EvaluatorService implements AutoCloseable {

    private static final String THREAD_NAME = "millrace-evaluator";
    private static final Logger LOG = LoggerFactory.getLogger(EvaluatorService.class);

    private final KafkaConnection kafka;
    private final EvaluatorClients clients;
    private final Path store;
    private final List<EvaluatedTask> tasks;
    private final MeterRegistry registry;
    private final Cancellation stop = new Cancellation();
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, THREAD_NAME);

    /**
     * A service that has not started.
     *
     * @param kafka how to reach the brokers
     * @param store root of the store that checkpoints are in and models are published to
     * @param tasks the tasks whose checkpoints are judged; those of others are skipped
     * @param metrics where its meters are registered
     */
    public EvaluatorService(KafkaConnection kafka, Path store, List<EvaluatedTask> tasks, MeterRegistry metrics) {
        this.kafka = kafka;
        this.clients = new EvaluatorClients(kafka);
        this.store = store;
        this.tasks = List.copyOf(tasks);
        this.registry = metrics;
    }

    /**
     * Starts the evaluation thread; once. A device that a task asks for and that is not there ends the service before it
     * judges anything, see {@link #terminated}.
     */
    public void start() {
        thread.start();
    }

    /** Completes normally once the service is closed, exceptionally with the cause if it fails. */
    public CompletableFuture<Void> terminated() {
        return terminated;
    }

    /**
     * Ends the thread and waits for it. A checkpoint that is being scored is given up, and judged after the next start;
     * one whose results are being written is finished.
     */
    @Override
    public void close() {
        stop.request();
        if (thread.getState() == Thread.State.NEW) {
            terminated.complete(null);
        } else if (Thread.currentThread() != thread) {
            joinThread();
        }
    }

    private void joinThread() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (Worker worker = new Worker()) {
            tasks.forEach(EvaluatorService::requireDevice);
            EvaluatorMetrics metrics = new EvaluatorMetrics(registry, tasks);
            while (true) {
                evaluate(metrics, worker);
            }
        } catch (WakeupException e) {
            LOG.info("The evaluator has stopped.");
            terminated.complete(null);
        } catch (Throwable e) {
            terminated.completeExceptionally(e);
        }
    }

    /** Until the clients are of no more use. What is committed tells the next ones where to go on. */
    private void evaluate(EvaluatorMetrics metrics, Worker worker) throws InterruptedException {
        try (Admin admin = clients.admin();
                Consumer<String, byte[]> checkpoints = clients.checkpoints();
                Consumer<String, byte[]> stateTopics = clients.state();
                Consumer<String, byte[]> ahead = clients.ahead();
                Producer<String, byte[]> results = clients.results();
                KafkaClientMetrics checkpointMetrics = new KafkaClientMetrics(checkpoints);
                KafkaClientMetrics resultMetrics = new KafkaClientMetrics(results)) {
            stop.wakes(checkpoints, stateTopics, ahead);
            checkpointMetrics.bindTo(registry);
            resultMetrics.bindTo(registry);
            Topics.prepare(kafka, admin).forEach(LOG::warn);
            ModelStore models = new ModelStore(store);
            AnnouncementJudge judge = judge(metrics, worker, models, new Readers(admin, stateTopics, ahead));
            TransactionalCheckpoints transactional = new TransactionalCheckpoints(kafka, checkpoints, results);
            new EvaluationLoop(kafka, transactional, judge, worker, models, metrics).run();
        } catch (UnsettledTransactionException e) {
            LOG.warn("The evaluator goes on from what is committed: {}", e.getMessage());
        }
    }

    /** The clients that the worker reads with. */
    private record Readers(Admin admin, Consumer<String, byte[]> state, Consumer<String, byte[]> ahead) {}

    private AnnouncementJudge judge(EvaluatorMetrics metrics, Worker worker, ModelStore models, Readers readers) {
        AnnouncementReader announcements = new AnnouncementReader(tasks);
        EvaluatorState state = new EvaluatorState(kafka, tasks, metrics);
        TopicReplay.EndOffsets ends = new HighWatermarks(readers.admin());
        Runnable unlessGivenUp = () -> {
            stop.throwIfRequested();
            worker.throwIfCancelled();
        };
        return new AnnouncementJudge(
                announcements,
                new LaterAnnouncements(readers.ahead(), ends, announcements),
                new TopicReplay<>(state.topics(), readers.state(), ends, state),
                new CheckpointJudge(models, new ClassifierScorer(unlessGivenUp), unlessGivenUp),
                metrics);
    }

    private static void requireDevice(EvaluatedTask task) {
        try {
            TextEncoder.requireDevice(task.evaluation().compute());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tasks." + task.task().name() + ".evaluation." + e.getMessage(), e);
        }
    }
}
