package io.millrace.evaluator;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.millrace.encoder.TextEncoder;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.models.ModelStore;
import io.millrace.evaluator.score.ModelScorer;
import io.millrace.evaluator.score.Scorer;
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
 * The evaluator as a service: scores every announced checkpoint and gives its verdict. Any number of evaluators may run;
 * the group protocol distributes the tasks among them. One thread polls and writes; a second one reads the state, scores,
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
    private final EvaluatorListener listener;
    private final Cancellation stop = new Cancellation();
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, THREAD_NAME);

    /**
     * A service that has not started.
     *
     * @param kafka how to reach the brokers
     * @param store root of the store, where checkpoints are read and models are published
     * @param tasks the tasks whose checkpoints are judged; checkpoints of other tasks are skipped
     * @param metrics where its meters are registered
     */
    public EvaluatorService(KafkaConnection kafka, Path store, List<EvaluatedTask> tasks, MeterRegistry metrics) {
        this(kafka, store, tasks, metrics, EvaluatorListener.NONE);
    }

    /** The same, whose {@code listener} learns what it publishes. */
    public EvaluatorService(
            KafkaConnection kafka,
            Path store,
            List<EvaluatedTask> tasks,
            MeterRegistry metrics,
            EvaluatorListener listener) {
        this.listener = listener;
        this.kafka = kafka;
        this.clients = new EvaluatorClients(kafka);
        this.store = store;
        this.tasks = List.copyOf(tasks);
        this.registry = metrics;
    }

    /**
     * Starts the evaluation thread; call it once. If a task asks for a device that this machine lacks, the service ends
     * before it judges anything, see {@link #terminated}.
     */
    public void start() {
        thread.start();
    }

    /** Completes normally once the service is closed, exceptionally with the cause if it fails. */
    public CompletableFuture<Void> terminated() {
        return terminated;
    }

    /**
     * Ends the thread and waits for it. A checkpoint that is being scored is abandoned and judged after the next start; if
     * its results are already being written, it is finished.
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

    /** Runs until the clients can no longer be used. The next ones resume from the committed offsets. */
    private void evaluate(EvaluatorMetrics metrics, Worker worker) throws InterruptedException {
        try (Admin admin = clients.admin();
                Consumer<String, byte[]> checkpoints = clients.checkpoints();
                Consumer<String, byte[]> stateTopics = clients.state();
                Consumer<String, byte[]> ahead = clients.ahead();
                Consumer<String, byte[]> requests = clients.requests();
                Producer<String, byte[]> results = clients.results();
                KafkaClientMetrics checkpointMetrics = new KafkaClientMetrics(checkpoints);
                KafkaClientMetrics resultMetrics = new KafkaClientMetrics(results)) {
            stop.wakes(checkpoints, stateTopics, ahead, requests);
            checkpointMetrics.bindTo(registry);
            resultMetrics.bindTo(registry);
            Topics.prepare(kafka, admin).forEach(LOG::warn);
            ModelStore models = new ModelStore(store);
            TransactionalCheckpoints transactional = new TransactionalCheckpoints(kafka, checkpoints, results);
            Judges judges = judges(metrics, worker, models, new Readers(admin, stateTopics, ahead));
            ResultWriter written = new ResultWriter(kafka, transactional, models, metrics, listener);
            RequestTurn turn = new RequestTurn(
                    tasks, transactional, new RequestWatch(kafka, requests), judges.requests(), worker, written);
            new EvaluationLoop(transactional, judges.announcements(), turn, worker, written, metrics).run();
        } catch (UnsettledTransactionException e) {
            LOG.warn("The evaluator resumes from what is committed: {}", e.getMessage());
        }
    }

    /** The clients that the worker reads with. */
    private record Readers(Admin admin, Consumer<String, byte[]> state, Consumer<String, byte[]> ahead) {}

    /** What runs on the worker. */
    private record Judges(AnnouncementJudge announcements, RequestJudge requests) {}

    private Judges judges(EvaluatorMetrics metrics, Worker worker, ModelStore models, Readers readers) {
        EvaluatorState state = new EvaluatorState(kafka, tasks, metrics.state());
        TopicReplay.EndOffsets ends = new HighWatermarks(readers.admin());
        HistoryReader histories = new HistoryReader(new TopicReplay<>(state.topics(), readers.state(), ends, state));
        Runnable throwIfGivenUp = () -> {
            stop.throwIfRequested();
            worker.throwIfCancelled();
        };
        Scorer scorer = new ModelScorer(throwIfGivenUp);
        PastRecords past = new PastRecords(kafka, readers.ahead(), ends);
        return new Judges(
                new AnnouncementJudge(
                        tasks,
                        new LaterAnnouncements(readers.ahead(), ends),
                        histories,
                        new CheckpointJudge(models, scorer, throwIfGivenUp, System::nanoTime),
                        metrics),
                new RequestJudge(histories, new RequestExecutor(models, scorer, throwIfGivenUp, past)));
    }

    private static void requireDevice(EvaluatedTask task) {
        try {
            TextEncoder.requireDevice(task.evaluation().compute());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tasks." + task.task().name() + ".evaluation." + e.getMessage(), e);
        }
    }
}
