package io.millrace.app.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.bench.ingest.IngestBench.Plan;
import io.millrace.app.bench.ingest.IngestBench.Result;
import io.millrace.schemas.LabelledExample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every record that was sent comes back once from both applications, otherwise the bench fails. */
class IngestBenchIT {

    @TempDir
    private Path scratch;

    @Test
    void shouldMeasureBothApplicationsInTurn() throws Exception {
        // Given
        List<LabelledExample> stream = List.of(
                new LabelledExample("a", "a plot that stays", null, "good", null, null, null),
                new LabelledExample("b", "a plot that does not", null, "bad", null, null, null));
        Plan plan = new Plan(scratch, 1000, 1, 200, 1, 1, 0, Map.of("num.stream.threads", "1"), List.of());
        List<String> progress = new ArrayList<>();

        // When
        Result result = new IngestBench(plan, stream).run(progress::add);

        // Then
        assertThat(progress).containsExactly("round 1 of 1: ingest", "round 1 of 1: pass-through");
        assertThat(result.rows()).extracting(IngestBench.Row::application).containsExactly("ingest", "pass-through");
        assertThat(result.rows()).allSatisfy(row -> {
            assertThat(row.recordsPerSecond().median()).isPositive();
            assertThat(row.p50Ms().median()).isPositive();
            assertThat(row.p99Ms().median()).isGreaterThanOrEqualTo(row.p50Ms().median());
            assertThat(row.cpuMicros().median()).isPositive();
            assertThat(row.heapMiB()).isPositive();
        });
        assertThat(result.ratio().median()).isPositive();
        assertThat(result.memory()).isNull();
    }
}
