package io.millrace.app.bench.ingest;

import io.millrace.app.bench.Spread;
import io.millrace.app.bench.ingest.IngestBench.Memory;
import io.millrace.app.bench.ingest.IngestBench.Result;
import io.millrace.app.bench.ingest.IngestBench.Row;
import io.millrace.app.console.Format;
import io.millrace.app.console.Table;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The result of a bench of ingest for the console. */
public final class IngestTable {

    private static final List<String> COLUMNS =
            List.of("", "records/s", "from", "to", "p50 ms", "p99 ms", "CPU us", "MiB", "heap MiB");

    private IngestTable() {}

    /** The lines: a table of both applications, then the ratio, then the memory if it was measured. */
    public static List<String> lines(Result result) {
        List<String> lines = new ArrayList<>(new Table(
                        COLUMNS, result.rows().stream().map(IngestTable::cells).toList())
                .lines());
        Spread ratio = result.ratio();
        lines.add(Format.text(
                "ingest has %.2f of the records/s of the pass-through, from %.2f to %.2f",
                ratio.median(), ratio.smallest(), ratio.largest()));
        Memory memory = result.memory();
        if (memory != null) {
            lines.add(Format.text(
                    "with %,d ids: %s MiB in memory (%s before it started), %.0f of it heap in use; store %,.0f MiB,"
                            + " %.0f bytes per id; %,.0f records/s while they came",
                    memory.ids(),
                    number(memory.residentMiB()),
                    number(memory.residentMiBAtStart()),
                    memory.heapMiB(),
                    memory.storeMiB(),
                    memory.storeBytesPerId(),
                    memory.recordsPerSecond()));
        }
        return lines;
    }

    private static List<String> cells(Row row) {
        return List.of(
                row.application(),
                Format.text("%,.0f", row.recordsPerSecond().median()),
                Format.text("%,.0f", row.recordsPerSecond().smallest()),
                Format.text("%,.0f", row.recordsPerSecond().largest()),
                Format.text("%.0f", row.p50Ms().median()),
                Format.text("%.0f", row.p99Ms().median()),
                Format.text("%.1f", row.cpuMicros().median()),
                number(row.residentMiB()),
                Format.text("%.0f", row.heapMiB()));
    }

    private static String number(@Nullable Number value) {
        return value == null ? "-" : Format.text("%,.0f", value.doubleValue());
    }
}
