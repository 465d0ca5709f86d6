package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainedTask;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import java.util.List;

class FailedTasksTest {

    private static final TopicPartition PARTITION = new TopicPartition("accepted-examples", 1);

    private final IllegalStateException cause = new IllegalStateException("tasks.a.labels must be those of ...");
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FailedTasks failed = new FailedTasks(registry, List.of(task("a"), task("b")));

    @Test
    void shouldFailOneTaskAlone() {
        // When
        failed.add("a", PARTITION, 7, cause);

        // Then
        assertThat(gauge("a")).isEqualTo(1);
        assertThat(gauge("b")).isZero();
        assertThat(failed.nextOffset(PARTITION)).hasValue(7);
        assertThatCode(failed::requireOneLeft).doesNotThrowAnyException();
    }

    @Test
    void shouldEndWithTheCauseItselfOnceAllHaveFailed() {
        // Given
        failed.add("a", PARTITION, 7, cause);
        failed.add("b", PARTITION, 3, new IllegalStateException("another"));

        // When / Then
        assertThatThrownBy(failed::requireOneLeft).isSameAs(cause);
    }

    @Test
    void shouldForgetATaskWhosePartitionHasGone() {
        // Given
        failed.add("a", PARTITION, 7, cause);

        // When
        failed.forget(List.of(PARTITION));

        // Then
        assertThat(gauge("a")).isZero();
        assertThat(failed.nextOffset(PARTITION)).isEmpty();
    }

    private double gauge(String task) {
        return registry.get("millrace.trainer.failed").tag("task", task).gauge().value();
    }

    private static TrainedTask task(String name) {
        Task task = new Task(name, TaskKind.SINGLE, List.of("no", "yes"), 1_000);
        return new TrainedTask(task, Sentiments.task(Method.PLAIN).training());
    }
}
