package io.millrace.app.bench;

import io.millrace.app.bench.StreamBench.Row;
import io.millrace.app.console.Format;
import io.millrace.app.console.Table;

import java.util.List;

/** The rows of a bench of the streaming loop as a table for the console. */
public final class StreamTable {

    private static final List<String> HEADER = List.of(
            "method",
            "type",
            "update ms",
            "predict ms",
            "step ms",
            "loop ms",
            "loop",
            "checkpoints",
            "stall ms",
            "longest",
            "stall steps",
            "longest",
            "each ms");

    private StreamTable() {}

    /** The lines. */
    public static List<String> lines(List<Row> rows) {
        return new Table(HEADER, rows.stream().map(StreamTable::cells).toList()).lines();
    }

    private static List<String> cells(Row row) {
        return List.of(
                row.method(),
                row.precision(),
                Format.text("%.1f", row.updateMs().median()),
                Format.text("%.1f", row.predictionMs()),
                Format.text("%.1f", row.loopMs()),
                Format.text("%.1f", row.loopAddsMs()),
                Format.text("%.1f %%", row.overheadPercent()),
                Format.text("%d", row.checkpoints()),
                Format.text("%.1f", row.stallMs()),
                Format.text("%.1f", row.stallMsMax()),
                Format.text("%.2f", row.stallSteps()),
                Format.text("%.2f", row.stallStepsMax()),
                Format.text("%.1f", row.checkpointMs()));
    }
}
