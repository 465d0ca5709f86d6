package io.millrace.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.ingest.SourceTopology.Sources;
import io.millrace.ingest.decode.RegistryAwayException;
import io.millrace.ingest.decode.SchemaRegistry;
import io.millrace.ingest.source.SourceConfig;
import io.millrace.schemas.Task;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;

/** Ingest as a service: the Kafka Streams application that turns {@code examples} into {@code accepted-examples}. */
public final class IngestService implements AutoCloseable {

    /** Application id of the streams, after the prefix, and so the group whose lag is that of ingest. */
    public static final String APPLICATION_ID = "millrace-ingest";

    /** Internal: valid examples on their way to the partition of their task, from others. Nothing else writes or reads here. */
    public static final Topic<byte[]> EXAMPLES_BY_TASK = new Topic<>(
            InternalTopic.topic(InternalTopic.EXAMPLES_BY_TASK),
            Serdes.ByteArray(),
            Topics.ACCEPTED_EXAMPLES.partitions(),
            Topic.Keeps.EVERYTHING);

    /** How often what was read and written is committed: the time that an example waits at most, and one that comes by the internal topic twice. */
    public static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(IngestService.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final KafkaConnection kafka;
    private final IngestConfig config;
    private final TaskRegistry tasks;
    private final Sources sources;
    private final MeterRegistry registry;
    private final IngestMetrics metrics;
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private @Nullable KafkaStreams streams;
    private @Nullable StreamsMeters streamsMetrics;
    private @Nullable StoreMemory storeMemory;
    private boolean closed;

    /** A service that reads nothing but {@code examples}. */
    public IngestService(KafkaConnection kafka, IngestConfig config, List<Task> tasks, MeterRegistry metrics) {
        this(kafka, config, tasks, Map.of(), metrics);
    }

    /**
     * Prepares the service; nothing runs before {@link #start()}.
     *
     * @param kafka how to reach the broker
     * @param config how the examples are treated
     * @param tasks every task whose examples are accepted
     * @param sources existing topics that examples also come from, by name
     * @param metrics where the meters are registered
     */
    public IngestService(
            KafkaConnection kafka,
            IngestConfig config,
            List<Task> tasks,
            Map<String, SourceConfig> sources,
            MeterRegistry metrics) {
        this.kafka = kafka;
        this.config = config;
        this.tasks = new TaskRegistry(tasks);
        this.sources = new Sources(sources, SchemaRegistry.of(config.registry()));
        this.registry = metrics;
        this.metrics = new IngestMetrics(metrics, this.tasks);
    }

    /** Creates the topics that are missing and starts the stream threads. */
    public synchronized void start() {
        if (closed || streams != null) {
            throw new IllegalStateException("ingest can be started once, and this one was "
                    + (closed ? "closed" : "started") + " already. Make a new IngestService.");
        }
        if (sources.configs().values().stream().anyMatch(SourceConfig::needsRegistry)) {
            sources.registry().check();
        }
        TopicPreparation topics = prepareTopics();
        topics.limits().check(kafka, tasks.all());
        Properties settings = StreamsSettings.of(kafka, config, topics.limits());
        if (sources.configs().isEmpty()) {
            StreamsSettings.withoutWaiting(settings);
        }
        storeMemory = new StoreMemory();
        storeMemory.addTo(settings);
        streams = new KafkaStreams(IngestTopology.build(kafka, config, tasks, topics, sources, metrics), settings);
        // Not before: now the directory is this process's own.
        Path stateDir = config.stateDir().resolve(kafka.named(APPLICATION_ID));
        topics.withStores().forEach(topic -> UnusedMemory.remove(stateDir, topic.store(), topic.unused()));
        int partitions = topics.byTask().partitions();
        streams.setUncaughtExceptionHandler(failure -> fail(failure, partitions));
        streamsMetrics = new StreamsMeters(streams, registry);
        streams.start();
        LOG.info("ingest started for {} tasks, state in {}", tasks.all().size(), config.stateDir());
    }

    /** Completes normally once the service is closed, exceptionally if it fails; it must then still be closed. */
    public CompletableFuture<Void> terminated() {
        return terminated;
    }

    /** Stops the stream threads and leaves the consumer group, so that another process takes over at once. */
    @Override
    public synchronized void close() {
        // A thread may wait for it.
        sources.registry().close();
        if (!closed && streams != null) {
            if (streamsMetrics != null) {
                streamsMetrics.close();
            }
            CloseOptions leaving =
                    CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
            if (!streams.close(leaving.withTimeout(CLOSE_TIMEOUT))) {
                LOG.warn("ingest did not stop within {}; its threads end with the process", CLOSE_TIMEOUT);
            } else if (storeMemory != null) {
                storeMemory.close();
            }
        }
        closed = true;
        terminated.complete(null);
    }

    private TopicPreparation prepareTopics() {
        try {
            return TopicPreparation.prepare(kafka, config.maxRecordBytes(), sources);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("ingest was interrupted while it prepared its topics", e);
        }
    }

    /**
     * No record can cause this. If {@code examples} has got partitions, the memory gets them, too, and another thread takes over.
     * Anything else is a bug or a lost broker: not retried, and reported once.
     *
     * @param partitions in which tasks are remembered
     */
    private StreamThreadExceptionResponse fail(Throwable failure, int partitions) {
        if (causes(failure).anyMatch(IngestService::isOfPartitions) && fitsPartitions(partitions)) {
            LOG.info("topic {} has new partitions, and ingest continues", kafka.named(Topics.EXAMPLES.name()));
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        Throwable cause = registryAway(failure).orElse(failure);
        // Not on this thread: a waiting caller may call close(), which waits for this thread.
        ForkJoinPool.commonPool().execute(() -> terminated.completeExceptionally(cause));
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private boolean fitsPartitions(int partitions) {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            SeenPartitions unused = SeenPartitions.fit(kafka, admin, partitions);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | IllegalStateException e) {
            LOG.error("cannot give the memory of ingest the new partitions of {}", Topics.EXAMPLES.name(), e);
            return false;
        }
    }

    /** Kafka Streams has no type of its own for it. */
    private static boolean isOfPartitions(Throwable failure) {
        return failure.getMessage() != null && failure.getMessage().contains("has invalid partitions");
    }

    private static Optional<Throwable> registryAway(Throwable failure) {
        return causes(failure).filter(RegistryAwayException.class::isInstance).findFirst();
    }

    /** Kafka Streams wraps what a step throws in sentences of its own. */
    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }
}
