package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.lineage.Announcements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Optional;

class TaskTrainerMetricsTest {

    @TempDir
    private Path root;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Announcements announcements = new Announcements();
    private final TrainedTask task = Sentiments.task(Method.PLAIN);

    @Test
    void shouldShowTheSecondOpeningOfATaskFromItsFirstMoment() {
        // Given
        try (RunningTask first = open()) {
            first.feed(0, 9);
            first.run().reportLag(3);
            first.run().leave();
        }
        long steps = announcements.last().checkpoint().step();

        // When
        try (RunningTask second = open()) {
            second.run().reportLag(-442);
            System.gc();

            // Then
            assertThat(steps).isPositive();
            assertThat(gauge("steps.done")).isEqualTo((double) steps);
            assertThat(gauge("pending")).isZero();
            assertThat(gauge("lag")).isZero();
            second.feed(8, 13);
            second.run().reportLag(6);
            assertThat(gauge("steps.done")).isGreaterThan((double) steps);
            assertThat(gauge("pending")).isEqualTo(1);
            assertThat(gauge("classes.answered")).isBetween(1.0, 2.0);
            assertThat(gauge("lag")).isEqualTo(7);
            assertThat(registry.get("millrace.trainer.drift.evidence").gauges())
                    .hasSize(5)
                    .allSatisfy(evidence -> assertThat(evidence.value()).isBetween(0.0, 1.0));
            assertThat(registry.get("millrace.trainer.drifting")
                            .tag("metric", "labelMix")
                            .gauge()
                            .value())
                    .isZero();
            assertThat(registry.get("millrace.trainer.loss").gauges())
                    .allSatisfy(loss -> assertThat(loss.value()).isFinite());
            assertThat(second.accountedFor()).isEqualTo(second.accepted());
        }
    }

    @Test
    void shouldShowNothingOfATaskThatHasLeft() {
        // Given
        try (RunningTask run = open()) {
            run.feed(0, 9);
        }

        // When / Then
        assertThat(registry.find("millrace.trainer.lag").gauge()).isNull();
        assertThat(registry.find("millrace.trainer.steps.done").gauge()).isNull();
        assertThat(registry.get("millrace.trainer.accepted").counter().count()).isEqualTo(9);
    }

    private RunningTask open() {
        return new RunningTask(
                task, root, announcements, RunningTask.topics(task, announcements, 0, Optional.empty()), registry);
    }

    private double gauge(String name) {
        return registry.get("millrace.trainer." + name).gauge().value();
    }
}
