package io.millrace.trainer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.KafkaConnection;
import io.millrace.schemas.RejectedRecords;
import io.millrace.schemas.Topics;
import io.millrace.trainer.checkpoint.Announced;
import io.millrace.trainer.checkpoint.CheckpointAnnouncer;
import io.millrace.trainer.checkpoint.CheckpointHistory;
import io.millrace.trainer.checkpoint.CheckpointRetention;
import io.millrace.trainer.checkpoint.CheckpointStore;
import io.millrace.trainer.checkpoint.EvaluatorProgress;
import io.millrace.trainer.checkpoint.UnsettledAnnouncementException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The one control flow of training, on one thread: poll, hand each record to its task, and let every task cut its mini-batches,
 * predict, update, count and write its checkpoints.
 */
final class TrainingLoop implements ExampleSource.Ownership, AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConnection kafka;
    private final Path store;
    private final List<TrainedTask> tasks;
    private final MeterRegistry registry;
    private final int maxRejectedBytes;
    private final ExampleSource source;
    private final EvaluatorProgress evaluator;
    private final KafkaClientMetrics consumerMetrics;
    private final Map<String, TaskRun> runs = new LinkedHashMap<>();
    private final Map<String, TextSource> texts = new HashMap<>();
    private final Map<String, CheckpointAnnouncer> announcers = new HashMap<>();
    private final AtomicBoolean draining = new AtomicBoolean();
    private volatile boolean stopping;

    /** {@code maxRejectedBytes}: largest batch that {@code rejected-examples} takes. */
    TrainingLoop(
            KafkaConnection kafka, Path store, List<TrainedTask> tasks, MeterRegistry registry, int maxRejectedBytes) {
        this.kafka = kafka;
        this.store = store;
        this.tasks = List.copyOf(tasks);
        this.registry = registry;
        this.maxRejectedBytes = maxRejectedBytes;
        source = new ExampleSource(kafka, this);
        evaluator = new EvaluatorProgress(kafka);
        consumerMetrics = new KafkaClientMetrics(source.consumer());
        consumerMetrics.bindTo(registry);
    }

    /** Trains until {@link #stop}. */
    void run() {
        while (!stopping) {
            for (ConsumerRecord<String, byte[]> record : poll()) {
                TaskRun run = runs.get(record.key());
                if (run != null) {
                    run.accept(new Arrival(record.offset(), record.value()));
                }
            }
            texts.values().forEach(TextSource::poll);
            trainAll();
            boolean drain = draining.getAndSet(false);
            runs.forEach((name, run) -> {
                if (drain) {
                    run.drain();
                } else if (source.lag(partition(name)).orElse(Long.MAX_VALUE) == 0) {
                    run.idle();
                }
            });
        }
        runs.values().forEach(TaskRun::leave);
    }

    private Iterable<ConsumerRecord<String, byte[]>> poll() {
        try {
            return source.poll(POLL);
        } catch (WakeupException e) {
            return List.of();
        } catch (KafkaException e) {
            // The consumer wraps what a task that leaves during a rebalance throws.
            if (e.getCause() instanceof UnsettledAnnouncementException unsettled) {
                throw unsettled;
            }
            throw e;
        }
    }

    /** Mini-batch by mini-batch, the tasks in turn, until none has a full one. */
    private void trainAll() {
        boolean worked = true;
        while (worked && !stopping) {
            worked = false;
            for (TaskRun run : runs.values()) {
                worked |= run.advance();
            }
            runs.forEach((name, run) -> source.lag(partition(name)).ifPresent(run::reportLag));
        }
    }

    /** Ends {@link #run} after the step in progress, from another thread. */
    void stop() {
        stopping = true;
        source.wakeUp();
    }

    /** Has the loop train what has been read so far and write a checkpoint, from another thread. */
    void drain() {
        draining.set(true);
    }

    @Override
    public Map<TopicPartition, Long> taken(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        for (TopicPartition partition : partitions) {
            List<TaskRun> here = new ArrayList<>();
            for (TrainedTask task : tasks) {
                if (source.partitionOf(task.task().name()) == partition.partition()) {
                    here.add(open(task, partition));
                }
            }
            positions.put(
                    partition,
                    here.stream().mapToLong(TaskRun::nextOffset).min().orElseGet(() -> source.beginningOf(partition)));
        }
        return positions;
    }

    private TaskRun open(TrainedTask task, TopicPartition partition) {
        String name = task.task().name();
        CheckpointAnnouncer announcer = new CheckpointAnnouncer(kafka, name, registry, maxRejectedBytes);
        announcers.put(name, announcer);
        announcer.takeOver();
        CheckpointStore checkpoints = new CheckpointStore(store, name);
        FileTime takenOver = checkpoints.time();
        checkpoints.removeStale();
        List<Announced> history = CheckpointHistory.announced(kafka, name);
        checkpoints.removeUnannounced(history.stream().map(Announced::id).collect(Collectors.toSet()), takenOver);
        CheckpointRetention retention =
                new CheckpointRetention(checkpoints, task.training().checkpoints(), history, evaluator);
        TrainerMetrics metrics = new TrainerMetrics(registry, name);
        Restored restored = Restored.of(
                task,
                checkpoints,
                history.stream().map(Announced::announcement).toList(),
                partition.partition(),
                source.beginningOf(partition));
        TaskRun run = new TaskRun(
                restored,
                source.beginningOf(TextSource.partition(partition.partition())),
                new TaskRun.Surroundings(
                        checkpoints,
                        (announcement, castOut) -> {
                            retention.announced(announce(announcer, announcement, castOut));
                            metrics.unjudged(retention.apply());
                        },
                        new Rollback(
                                task,
                                checkpoints,
                                partition.partition(),
                                new TopicPast(kafka, name, partition, source)),
                        metrics,
                        new RejectedRecords(maxRejectedBytes),
                        ElapsedTime.ofSystem()));
        runs.put(name, run);
        run.reportLag(source.endOf(partition) - run.nextOffset());
        if (run.texts().isReading()) {
            texts.put(name, new TextSource(kafka, name, run));
        }
        return run;
    }

    private Announced announce(
            CheckpointAnnouncer announcer,
            CheckpointAnnouncement announcement,
            List<ProducerRecord<String, byte[]>> castOut) {
        String task = announcement.checkpoint().task();
        TopicPartition partition = partition(task);
        // Tasks that share a partition are not equally far: the copy for lag tools is where the slowest stands.
        long slowest = announcement.offsets().next();
        for (Map.Entry<String, TaskRun> other : runs.entrySet()) {
            if (!other.getKey().equals(task) && partition(other.getKey()).equals(partition)) {
                slowest = Math.min(slowest, other.getValue().checkpointedOffset());
            }
        }
        return announcer.announce(
                announcement, castOut, Map.of(partition, new OffsetAndMetadata(slowest)), source.group());
    }

    private TopicPartition partition(String task) {
        return new TopicPartition(Topics.ACCEPTED_EXAMPLES.name(), source.partitionOf(task));
    }

    @Override
    public void leaving(Collection<TopicPartition> partitions) {
        part(partitions, TaskRun::leave);
    }

    @Override
    public void lost(Collection<TopicPartition> partitions) {
        part(partitions, run -> {});
    }

    /** Parts with the tasks of these partitions. Their announcers go too: a producer can take a task over only once. */
    private void part(Collection<TopicPartition> partitions, Consumer<TaskRun> farewell) {
        for (String name : List.copyOf(runs.keySet())) {
            if (partitions.contains(partition(name))) {
                Optional.ofNullable(texts.remove(name)).ifPresent(TextSource::close);
                try (CheckpointAnnouncer announcer = announcers.remove(name);
                        TaskRun run = runs.remove(name)) {
                    farewell.accept(run);
                }
            }
        }
    }

    @Override
    public void close() {
        runs.values().forEach(TaskRun::close);
        runs.clear();
        texts.values().forEach(TextSource::close);
        announcers.values().forEach(CheckpointAnnouncer::close);
        consumerMetrics.close();
        evaluator.close();
        source.close();
    }
}
