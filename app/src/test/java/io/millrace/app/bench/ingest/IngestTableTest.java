package io.millrace.app.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.bench.Spread;
import io.millrace.app.bench.ingest.IngestBench.Memory;
import io.millrace.app.bench.ingest.IngestBench.Result;
import io.millrace.app.bench.ingest.IngestBench.Row;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.LongStream;

class IngestTableTest {

    private static final Spread MS = new Spread(7, 6, 8);

    @Test
    void shouldShowBothApplicationsTheirRatioAndTheMemory() {
        // Given
        Row ours = new Row("ingest", new Spread(50_000, 40_000, 60_000), MS, MS, new Spread(20.04, 1, 30), 400.0, 20);
        Row other = new Row("pass-through", new Spread(100_000, 90_000, 110_000), MS, MS, MS, null, 15);
        Memory memory = new Memory(1_000_000, 30_000, 60L, 700L, 40, 350, 367);

        // When
        List<String> lines = IngestTable.lines(new Result(List.of(ours, other), new Spread(0.5, 0.44, 0.55), memory));

        // Then
        assertThat(lines)
                .containsExactly(
                        "              records/s    from       to  p50 ms  p99 ms  CPU us  MiB  heap MiB",
                        "ingest           50,000  40,000   60,000       7       7    20.0  400        20",
                        "pass-through    100,000  90,000  110,000       7       7     7.0    -        15",
                        "ingest has 0.50 of the records/s of the pass-through, from 0.44 to 0.55",
                        "with 1,000,000 ids: 700 MiB in memory (60 before it started), 40 of it heap in use; store 350 MiB,"
                                + " 367 bytes per id; 30,000 records/s while they came");
    }

    @Test
    void shouldTakeTheTimeThatSoManyRecordsDoNotExceed() {
        // When
        Latency latency = Latency.of(
                LongStream.rangeClosed(1, 200).map(i -> (201 - i) * 1_000_000).toArray());

        // Then
        assertThat(latency).isEqualTo(new Latency(100, 198));
    }
}
