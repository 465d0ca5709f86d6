package io.millrace.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.compare.MethodChoice;
import io.millrace.encoder.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class StreamBenchIT {

    @Test
    void shouldMeasureTheTrainerOnABroker(@TempDir Path folder) throws Exception {
        // Given
        Path stream = Files.writeString(folder.resolve("stream.jsonl"), StreamBenchTest.stream(48));
        Bench.Plan plan = new Bench.Plan(
                Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert"),
                stream,
                MethodChoice.parseAll(List.of("plain")),
                List.of(Precision.F32),
                new BenchRun.Size(12, 4, 16, 1),
                1);

        // When
        List<StreamBench.Row> rows = new StreamBench(plan, 4).run(progress -> {});

        // Then
        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.updateMs().median()).isPositive();
            assertThat(row.loopMs()).isPositive();
            assertThat(row.checkpointEvery()).isEqualTo(4);
            assertThat(row.checkpoints()).isEqualTo(2);
            assertThat(row.stallMsMax()).isGreaterThanOrEqualTo(row.stallMs());
        });
    }
}
