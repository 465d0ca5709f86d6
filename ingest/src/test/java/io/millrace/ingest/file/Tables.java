package io.millrace.ingest.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tables in memory. */
final class Tables {

    /** Columns called as their fields. */
    static final TableColumns DEFAULT = TableColumns.ofExamples(Map.of(), List.of());

    private Tables() {}

    static LineSource csv(String text) throws IOException {
        return csv(text, DEFAULT);
    }

    static LineSource csv(String text, TableColumns columns) throws IOException {
        return open(text.getBytes(StandardCharsets.UTF_8), FileFormat.CSV, columns);
    }

    static LineSource open(byte[] bytes, FileFormat format, TableColumns columns) throws IOException {
        return format.open("films.csv", new ByteArrayInputStream(bytes), columns);
    }

    /** What {@code lines} gives: lines of JSON, and faults with their positions. */
    static List<String> read(LineSource lines) throws IOException {
        List<String> read = new ArrayList<>();
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            read.add(lines.fault()
                    .map(fault -> lines.position() + ": " + fault.reason() + ": " + fault.detail())
                    .orElse(new String(line, StandardCharsets.UTF_8)));
        }
        lines.close();
        return read;
    }
}
