package io.millrace.trainer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.trainer.batch.PolledRecord;
import io.millrace.trainer.config.TrainedTask;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The control flow of training, on one thread: poll, hand each record to its task, and let every task cut its mini-batches, predict,
 * update, count and write its checkpoints.
 */
final class TrainingLoop implements ExampleSource.Ownership, AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    /** How often the loop saves how far quiet tasks have been read. */
    private static final Duration NOTING = Duration.ofSeconds(5);
    /** Most examples of a partition that may wait for texts before the partition is paused. */
    private static final int MAX_WAITING = 2_000;

    private final Path store;
    private final List<TrainedTask> tasks;
    private final FailedTasks failed;
    private final ElapsedTime time = ElapsedTime.ofSystem();
    private final ExampleSource source;
    private final KafkaClientMetrics consumerMetrics;
    private final TaskOpener opener;
    private final ForeignRecords foreign;
    private final Optional<TextWatch> textWatch;
    private final Map<String, OpenTask> open = new LinkedHashMap<>();
    private final Set<TopicPartition> held = new HashSet<>();
    private final AtomicBoolean draining = new AtomicBoolean();
    private Duration lastNoted = time.now();
    private volatile boolean stopping;

    /**
     * A loop that holds no partition yet.
     *
     * @param watchers receive its figures
     * @param maxRejectedBytes largest batch that {@code rejected-examples} takes
     * @param failed receives the tasks that cannot be opened
     */
    TrainingLoop(TrainerContext context, List<TrainedTask> tasks, int maxRejectedBytes, FailedTasks failed) {
        KafkaConnection kafka = context.kafka();
        MeterRegistry registry = context.metrics();
        store = context.store();
        this.tasks = List.copyOf(tasks);
        this.failed = failed;
        failed.forgetAll();
        source = new ExampleSource(kafka, this);
        consumerMetrics = new KafkaClientMetrics(source.consumer());
        consumerMetrics.bindTo(registry);
        opener = new TaskOpener(context, source, maxRejectedBytes, failed);
        foreign = new ForeignRecords(kafka, registry, tasks);
        textWatch = tasks.stream().anyMatch(task -> task.training().batching().unlabelledTexts() > 0)
                ? Optional.of(new TextWatch(kafka, source.partitions(), foreign))
                : Optional.empty();
    }

    /** Trains until {@link #stop}, and returns true. Returns false once partitions were added to the topic: then a new loop is needed. */
    boolean run() {
        while (!stopping && !canMove()) {
            for (ConsumerRecord<String, byte[]> record : poll()) {
                handOn(record);
            }
            failed.requireOneLeft();
            open.values().forEach(task -> source.position(task.partition()).ifPresent(task.run()::readTo));
            open.values().forEach(task -> task.texts().ifPresent(TextSource::poll));
            textWatch.ifPresent(TextWatch::poll);
            trainAll();
            idle();
            source.pauseOnly(waitingForTexts());
            if (time.now().minus(lastNoted).compareTo(NOTING) >= 0) {
                noteProgress();
            }
        }
        if (!stopping) {
            drain();
            idle();
        }
        open.values().forEach(task -> task.run().leave());
        noteProgress();
        return stopping;
    }

    /** Whether partitions were added and the tasks' old partitions are read to their ends: a task must not leave examples behind. */
    private boolean canMove() {
        return source.hasNewPartitions()
                && open.values().stream()
                        .allMatch(task -> source.lag(task.partition()).orElse(Long.MAX_VALUE) == 0);
    }

    private Iterable<ConsumerRecord<String, byte[]>> poll() {
        try {
            return source.poll(POLL);
        } catch (WakeupException e) {
            return List.of();
        }
    }

    private void handOn(ConsumerRecord<String, byte[]> record) {
        OpenTask task = open.get(record.key());
        if (task != null && task.partition().partition() == record.partition()) {
            task.run().accept(new PolledRecord(record.offset(), record.value()));
        } else if (record.partition() < source.partitions()) {
            // Records of a failed task are not foreign: they stay unread. Partitions just added will be read from
            // their beginning.
            foreign.check(record, source.partitions());
        }
    }

    /** Trains one mini-batch per task in turn, until no task has a full one. */
    private void trainAll() {
        boolean worked = true;
        while (worked && !stopping) {
            worked = false;
            for (OpenTask task : List.copyOf(open.values())) {
                worked |= task.run().advance();
                rollBackIfNeeded(task);
            }
            open.values().forEach(task -> source.lag(task.partition()).ifPresent(task.run()::reportLag));
        }
    }

    private void idle() {
        boolean drain = draining.getAndSet(false);
        for (OpenTask task : List.copyOf(open.values())) {
            if (drain) {
                task.run().drain();
            } else {
                task.run().idle(source.lag(task.partition()).orElse(Long.MAX_VALUE) == 0);
            }
            rollBackIfNeeded(task);
        }
    }

    private void rollBackIfNeeded(OpenTask task) {
        if (task.run().returns() && !opener.canReturn(task)) {
            task.run().stay();
        }
        if (task.run().hasExploded() || task.run().returns()) {
            String name = task.trained().task().name();
            open.remove(name);
            opener.rollBack(task).ifPresent(reopened -> {
                open.put(name, reopened);
                source.readAgainFrom(reopened.partition(), reopened.run().nextOffset());
            });
        }
    }

    private Set<TopicPartition> waitingForTexts() {
        Map<TopicPartition, Integer> waiting = new HashMap<>();
        open.values().forEach(task -> waiting.merge(task.partition(), task.run().waitingForTexts(), Integer::sum));
        waiting.values().removeIf(examples -> examples < MAX_WAITING);
        return waiting.keySet();
    }

    /** Saves how far each task is covered, and commits for lag tools the offset of the slowest task per partition. */
    private void noteProgress() {
        lastNoted = time.now();
        Map<TopicPartition, Long> done = new HashMap<>();
        for (OpenTask task : open.values()) {
            task.noteCovered(store);
            done.merge(task.partition(), task.run().covered().offset(), Math::min);
        }
        for (TopicPartition partition : held) {
            source.position(partition).ifPresent(position -> done.putIfAbsent(partition, position));
        }
        done.replaceAll((partition, offset) ->
                Math.min(offset, failed.nextOffset(partition).orElse(offset)));
        source.commit(done);
    }

    /** Ends {@link #run} after the step in progress, from another thread. */
    void stop() {
        stopping = true;
        source.wakeUp();
    }

    /** Makes the loop train all examples read so far and write a checkpoint, from another thread. */
    void drain() {
        draining.set(true);
    }

    @Override
    public Map<TopicPartition, Long> taken(Collection<TopicPartition> partitions) {
        List<TrainedTask> here = tasks.stream()
                .filter(task ->
                        partitions.contains(source.partitionOf(task.task().name())))
                .toList();
        opener.open(here, open.size())
                .forEach(task -> open.put(task.trained().task().name(), task));
        Map<TopicPartition, Long> positions = new HashMap<>();
        for (TopicPartition partition : partitions) {
            positions.put(
                    partition,
                    open.values().stream()
                            .filter(task -> task.partition().equals(partition))
                            .mapToLong(task -> task.run().nextOffset())
                            .min()
                            .orElseGet(() -> source.unwatchedFrom(partition)));
        }
        held.addAll(partitions);
        textWatch.ifPresent(watch -> watch.follow(held));
        return positions;
    }

    @Override
    public void leaving(Collection<TopicPartition> partitions) {
        part(partitions, true);
    }

    @Override
    public void lost(Collection<TopicPartition> partitions) {
        part(partitions, false);
    }

    private void part(Collection<TopicPartition> partitions, boolean isStillOurs) {
        for (OpenTask task : List.copyOf(open.values())) {
            if (partitions.contains(task.partition())) {
                open.remove(task.trained().task().name());
                try (task) {
                    if (isStillOurs) {
                        task.run().leave();
                        task.noteCovered(store);
                    }
                }
            }
        }
        failed.forget(partitions);
        held.removeAll(partitions);
        textWatch.ifPresent(watch -> watch.follow(held));
    }

    @Override
    public void close() {
        open.values().forEach(OpenTask::close);
        open.clear();
        consumerMetrics.close();
        // Closing revokes its partitions, which the watch must hear of.
        source.close();
        textWatch.ifPresent(TextWatch::close);
        opener.close();
    }
}
