package io.millrace.app.bench;

import io.millrace.app.bench.Bench.Row;
import io.millrace.app.bench.Bench.Side;
import io.millrace.app.console.Format;
import io.millrace.app.console.Table;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The rows of a bench as a table for the console; times are milliseconds per step. */
public final class BenchTable {

    private static final List<String> OURS =
            List.of("method", "type", "ms", "tokens/s", "MiB", "GFLOP", "of ceiling", "saved MiB");
    private static final List<String> PEER = List.of("peer ms", "tokens/s", "MiB", "ratio", "from", "to");

    private BenchTable() {}

    /** The lines; the columns of the peer are there if any row has one. */
    public static List<String> lines(List<Row> rows) {
        boolean hasPeer = rows.stream().anyMatch(row -> row.peer() != null);
        List<String> header = new ArrayList<>(OURS);
        header.addAll(hasPeer ? PEER : List.of());
        rows.stream().limit(1).forEach(row -> header.addAll(row.partMs().keySet()));
        List<List<String>> cells = new ArrayList<>();
        for (Row row : rows) {
            List<String> line = new ArrayList<>(List.of(row.method(), row.precision()));
            line.addAll(side(row.ours()));
            line.add(Format.text("%.1f", row.stepGflop()));
            line.add(Format.text("%.0f %%", 100 * row.ceilingShare()));
            line.add(Format.text("%.1f", row.checkpointMiB()));
            line.addAll(hasPeer ? peer(row) : List.of());
            row.partMs().values().forEach(ms -> line.add(Format.text("%.1f", ms)));
            cells.add(line);
        }
        return new Table(header, cells).lines();
    }

    private static List<String> side(Side side) {
        return List.of(
                Format.text("%.1f", side.stepMs().median()),
                number(side.tokensPerSecond()),
                number(side.peakMiB() == null ? null : side.peakMiB().doubleValue()));
    }

    private static List<String> peer(Row row) {
        Side peer = row.peer();
        Spread ratio = row.ratio();
        if (peer == null || ratio == null) {
            return List.of("", "", "", "", "", "");
        }
        List<String> cells = new ArrayList<>(side(peer));
        cells.add(Format.text("%.2f", ratio.median()));
        cells.add(Format.text("%.2f", ratio.smallest()));
        cells.add(Format.text("%.2f", ratio.largest()));
        return cells;
    }

    private static String number(@Nullable Double value) {
        return value == null ? "-" : Format.text("%,.0f", value);
    }
}
