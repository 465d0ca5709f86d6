package io.millrace.schemas.follow;

import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.follow.PublishedFiles.UnusableModelException;
import io.millrace.schemas.follow.UpdateReader.Located;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.text.LogSafe;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Follows the current model of a task, on a thread of its own. It reads the topic {@code model-updates} from the beginning, without a
 * consumer group, and passes the model of the newest {@code promoted} or {@code rolled-back} record to a receiver, and each later one as it
 * is published. A receiver gets only directories below the store whose {@code model.safetensors} has the announced SHA-256.
 *
 * <pre>{@code
 * KafkaConnection kafka = new KafkaConnection("broker:9092", Map.of());
 * try (LentModel<TextClassifier> model = new LentModel<>(dir -> TextClassifier.load(dir, Compute.defaults()));
 *         ModelFollower follower = ModelFollower.start(kafka, "intent", Path.of("/store"), model)) {
 *     model.awaitFirst(Duration.ofMinutes(1));
 *     float[][] rows = model.use(classifier -> {
 *         synchronized (classifier) {
 *             return classifier.probabilities(List.of(new TextInput("how much money is in my account", null)));
 *         }
 *     });
 * }
 * }</pre>
 *
 * <p>A model that is gone, has other weights or cannot be loaded is skipped: the receiver keeps what it has until the next record. A broker or
 * a store that is away is waited for, however long; only the first failure is logged. It logs through {@link System.Logger}.
 */
public final class ModelFollower implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ModelFollower.class.getName());
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long RETRY_MS = 1000;
    private static final int LOGGED_CHARS = 300;

    private final Consumer<String, byte[]> consumer;
    private final UpdateReader updates;
    private final PublishedFiles files;
    private final ModelReceiver receiver;
    private final long retryMs;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private final Thread thread;

    private final AtomicLong skipped = new AtomicLong();

    private @Nullable Located handled;
    private boolean failing;
    private volatile @Nullable VerifiedModel current;
    private volatile long malformed;

    ModelFollower(
            Consumer<String, byte[]> consumer,
            String topic,
            String task,
            Path store,
            ModelReceiver receiver,
            long retryMs) {
        this.consumer = consumer;
        this.updates = new UpdateReader(consumer, topic, task);
        this.files = new PublishedFiles(store);
        this.receiver = receiver;
        this.retryMs = retryMs;
        this.thread = new Thread(this::run, "millrace-follow-" + task);
        thread.setDaemon(true);
    }

    /**
     * Starts to follow a task.
     *
     * @param kafka how to reach the brokers; its prefix is that of the installation
     * @param task name of the task
     * @param store root of the store: that of the evaluator, mounted here
     * @param receiver takes each model, on the thread of the follower
     * @throws KafkaException if the settings of the connection are no settings of a consumer
     */
    public static ModelFollower start(KafkaConnection kafka, String task, Path store, ModelReceiver receiver) {
        Consumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings(kafka), new StringDeserializer(), new ByteArrayDeserializer());
        String topic = kafka.named(Topics.MODEL_UPDATES.name());
        ModelFollower follower = new ModelFollower(consumer, topic, task, store, receiver, RETRY_MS);
        follower.start();
        return follower;
    }

    static Map<String, Object> settings(KafkaConnection kafka) {
        Map<String, Object> settings = kafka.clientProperties();
        // With a group, reading would begin where another member has committed.
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return settings;
    }

    /** The model that the receiver took last; absent before the first. */
    public Optional<VerifiedModel> current() {
        return Optional.ofNullable(current);
    }

    /** Models that were not passed on, or that the receiver refused: gone, with other weights, or impossible to load. */
    public long skipped() {
        return skipped.get();
    }

    /** Records under the task's key that are no verdict. */
    public long malformed() {
        return malformed;
    }

    /** Completes normally once this is closed, exceptionally with the cause if an error, such as no memory, ends the thread. */
    public CompletableFuture<Void> terminated() {
        return terminated.copy();
    }

    /** Ends the thread and waits for it; a receiver that is loading a model finishes first. The receiver keeps its model. */
    @Override
    public void close() {
        closing.countDown();
        consumer.wakeup();
        if (Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void start() {
        thread.start();
    }

    private void run() {
        try (consumer) {
            while (closing.getCount() > 0) {
                step();
            }
            terminated.complete(null);
        } catch (InterruptedException | InterruptException e) {
            LOG.log(System.Logger.Level.INFO, "Following models has ended: its thread was interrupted.");
            terminated.complete(null);
        } catch (Throwable e) {
            terminated.completeExceptionally(e);
        }
    }

    /** Polls once, and passes on the model that is newest then. */
    void step() throws InterruptedException {
        try {
            Optional<Located> newest = updates.poll(POLL);
            malformed = updates.malformed();
            if (newest.isPresent() && !newest.get().equals(handled)) {
                follow(newest.get());
            }
            works();
            if (consumer.assignment().isEmpty()) {
                // The topic does not exist yet.
                pause();
            }
        } catch (WakeupException e) {
            // Closed: the loop ends.
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | IOException e) {
            fails(e);
            pause();
        }
    }

    private void follow(Located newest) throws IOException, InterruptedException {
        try {
            if (!isCurrent(newest.update().model())) {
                VerifiedModel model = files.verify(newest.update());
                pass(model);
                current = model;
            }
        } catch (UnusableModelException e) {
            skip(newest, e);
        }
        handled = newest;
    }

    private void pass(VerifiedModel model) throws UnusableModelException, InterruptedException {
        try {
            receiver.accept(model);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new UnusableModelException(model.directory() + " cannot be loaded", e);
        }
    }

    /** A model that is promoted again, or rolled back to while it serves, is not loaded twice. */
    private boolean isCurrent(PublishedModel model) {
        VerifiedModel serving = current;
        return serving != null
                && Objects.equals(serving.update().model().location(), model.location())
                && Objects.equals(serving.update().model().sha256(), model.sha256());
    }

    private void skip(Located newest, UnusableModelException fault) {
        skipped.incrementAndGet();
        LOG.log(
                System.Logger.Level.WARNING,
                "Skipped the model of " + newest + ": " + LogSafe.line(String.valueOf(fault.getMessage()), LOGGED_CHARS)
                        + ". " + (current == null ? "There is no model yet" : "The one before stays")
                        + "; the next record is awaited.",
                fault.getCause());
    }

    private void fails(Exception cause) {
        if (!failing) {
            failing = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Cannot follow models at the moment, trying again every " + retryMs + " ms: "
                            + LogSafe.line(String.valueOf(cause.getMessage()), LOGGED_CHARS));
        }
    }

    private void works() {
        if (failing) {
            failing = false;
            LOG.log(System.Logger.Level.INFO, "Following models again.");
        }
    }

    private void pause() throws InterruptedException {
        closing.await(retryMs, TimeUnit.MILLISECONDS);
    }
}
