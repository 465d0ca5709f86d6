package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.trainer.TrainerMetrics.ExampleOutcome;
import io.millrace.trainer.learner.StepResult;
import io.millrace.trainer.learner.StepResult.BatchSummary;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

class TrainerMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void shouldShowTheValuesOfTheTaskSinceItWasLastOpened() {
        // Given
        new TrainerMetrics(registry, "intent").lag(5);

        // When
        TrainerMetrics again = new TrainerMetrics(registry, "intent");
        again.lag(7);
        System.gc();

        // Then
        assertThat(gauge("millrace.trainer.lag")).isEqualTo(7);
        again.lag(8);
        assertThat(gauge("millrace.trainer.lag")).isEqualTo(8);
    }

    @Test
    void shouldTakeTheGaugesOfATaskThatLeftAwayAndKeepItsCounters() {
        // Given
        TrainerMetrics metrics = new TrainerMetrics(registry, "intent");
        TrainerMetrics other = new TrainerMetrics(registry, "topics");
        other.lag(1);
        metrics.accepted();
        metrics.examples(ExampleOutcome.TRAINED, 3);
        metrics.lag(5);
        metrics.pending(2);
        metrics.prequentialAccuracy(0.5);
        BatchSummary batch = new BatchSummary(new boolean[0], new int[0], 10, 0);
        metrics.step(Duration.ofMillis(3), 4, new StepResult(true, Map.of("taskLoss", 0.1), 0.1, 1, 1e-3, batch));

        // When
        metrics.close();

        // Then
        assertThat(registry.getMeters())
                .filteredOn(meter -> meter.getId().getType() == Meter.Type.GAUGE)
                .extracting(meter -> meter.getId().getTag("task"))
                .containsExactly("topics");
        assertThat(registry.get("millrace.trainer.accepted")
                        .tag("task", "intent")
                        .counter()
                        .count())
                .isEqualTo(1);
        new TrainerMetrics(registry, "intent").examples(ExampleOutcome.TRAINED, 1);
        assertThat(registry.get("millrace.trainer.examples")
                        .tags("task", "intent", "outcome", "trained")
                        .counter()
                        .count())
                .isEqualTo(4);
    }

    @Test
    void shouldShowTheReuseOfSoManyProbeSetsAndNoMore() {
        // Given
        TrainerMetrics metrics = new TrainerMetrics(registry, "intent");
        for (int i = 0; i < 100; i++) {
            metrics.probeReuse("set " + i, 1);
        }

        // When
        metrics.probeReuse("one more", 1);
        metrics.probeReuse("set 7", 2);

        // Then
        assertThat(registry.get("millrace.trainer.probe.reuse").gauges()).hasSize(100);
        assertThat(registry.get("millrace.trainer.probe.reuse")
                        .tag("probe_set", "set 7")
                        .gauge()
                        .value())
                .isEqualTo(2);
    }

    @Test
    void shouldPassTheFiguresOfAStepToTheListener() {
        // Given
        Map<String, Double> passed = new HashMap<>();
        TrainerListener listener = new TrainerListener() {
            @Override
            public void step(String task, long step, Map<String, Double> figures) {
                passed.put(task, (double) step);
                passed.putAll(figures);
            }
        };
        TrainerMetrics metrics = new TrainerMetrics(registry, listener, "intent");
        BatchSummary batch = new BatchSummary(new boolean[] {true, false, true, true}, new int[4], 10, 0);

        // When
        metrics.finished(12, new StepResult(true, Map.of("taskLoss", 0.1), 0.3, 1, 1e-3, batch), 0.5);

        // Then
        assertThat(passed)
                .containsOnly(
                        Map.entry("intent", 12.0),
                        Map.entry("taskLoss", 0.1),
                        Map.entry("totalLoss", 0.3),
                        Map.entry("gradNorm", 1.0),
                        Map.entry("learningRate", 1e-3),
                        Map.entry("prequentialAccuracy", 0.5),
                        Map.entry("miniBatchAccuracy", 0.75));
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }
}
