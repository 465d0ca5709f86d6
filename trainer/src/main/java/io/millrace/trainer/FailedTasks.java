package io.millrace.trainer;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.trainer.config.TrainedTask;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tasks that could not be opened. Each fails alone: its records stay unread, {@code millrace.trainer.failed} is 1 for it, and the
 * others train. It is opened again when its partition is next assigned to this process, after a restart or a rebalance.
 */
final class FailedTasks {

    private static final Logger LOG = LoggerFactory.getLogger(FailedTasks.class);

    private final List<String> tasks;
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();

    private record Failure(TopicPartition partition, long nextOffset, RuntimeException cause) {}

    FailedTasks(MeterRegistry registry, List<TrainedTask> tasks) {
        this.tasks = tasks.stream().map(task -> task.task().name()).toList();
        for (String task : this.tasks) {
            Gauge.builder("millrace.trainer.failed", failures, now -> now.containsKey(task) ? 1 : 0)
                    .description("1 if the task could not be opened and is not trained")
                    .tag("task", task)
                    .strongReference(true)
                    .register(registry);
        }
    }

    /**
     * Notes a failure.
     *
     * @param nextOffset first offset of its partition that may be untrained
     */
    void add(String task, TopicPartition partition, long nextOffset, RuntimeException cause) {
        LOG.error("task {} cannot be opened and is not trained: {}", task, cause.getMessage(), cause);
        failures.put(task, new Failure(partition, nextOffset, cause));
    }

    /** Forgets the tasks of partitions that this process no longer holds. */
    void forget(Collection<TopicPartition> partitions) {
        failures.values().removeIf(failure -> partitions.contains(failure.partition));
    }

    void forgetAll() {
        failures.clear();
    }

    boolean has(String task) {
        return failures.containsKey(task);
    }

    /** First offset of a partition that a failed task may not have trained; empty if none failed there. */
    OptionalLong nextOffset(TopicPartition partition) {
        return failures.values().stream()
                .filter(failure -> failure.partition.equals(partition))
                .mapToLong(Failure::nextOffset)
                .min();
    }

    /** If every task of this process has failed, throws the failure of the first. */
    void requireOneLeft() {
        if (failures.size() == tasks.size() && !tasks.isEmpty()) {
            List<RuntimeException> causes = tasks.stream()
                    .map(task -> requireNonNull(failures.get(task)).cause)
                    .toList();
            RuntimeException first = causes.get(0);
            causes.stream().filter(other -> other != first).forEach(first::addSuppressed);
            throw first;
        }
    }
}
