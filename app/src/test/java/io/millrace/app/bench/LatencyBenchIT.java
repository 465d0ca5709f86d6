package io.millrace.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.config.MillraceConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A short measurement, with everything that a long one has but the capacity. */
@Tag("slow")
class LatencyBenchIT {

    @TempDir
    private Path folder;

    @Test
    void shouldFollowEveryExampleToItsCheckpoint() throws Exception {
        // Given
        MillraceConfig config = LatencySetup.write(folder, Duration.ofMillis(500), 0L);
        LatencyPlan plan = new LatencyPlan(
                config, 20, 100.0, 0.8, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(2));
        List<String> told = new ArrayList<>();

        // When
        LatencyFigures figures = new LatencyBench(plan, folder.resolve("data")).run(told::add);

        // Then
        assertThat(told).containsExactly("starting broker and services", "warm-up", "100 examples per second");
        assertThat(figures.capacity()).isNull();
        // Whether the gate finds evidence for a model of these few seconds depends on how many steps they had.
        assertThat(figures.verdicts()).hasSizeGreaterThanOrEqualTo(figures.promoted());
        assertThat(figures.promoted()).isNotNegative().isLessThanOrEqualTo(figures.checkpoints());
        assertThat(figures.evaluationSeconds()).isPositive();
        assertThat(figures.stages())
                .extracting(StageLatency::stage)
                .containsExactly("trained", "checkpoint", "promoted");
        assertThat(figures.stages().subList(0, 2)).allSatisfy(stage -> {
            assertThat(stage.examples()).isPositive();
            assertThat(stage.missing()).isZero();
            assertThat(stage.p50Seconds()).isPositive().isLessThanOrEqualTo(stage.p99Seconds());
        });
        // An example is trained on before it is in a checkpoint.
        assertThat(figures.stages().get(0).p50Seconds())
                .isLessThanOrEqualTo(figures.stages().get(1).p50Seconds());
    }
}
