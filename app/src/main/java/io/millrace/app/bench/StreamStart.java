package io.millrace.app.bench;

import io.millrace.ingest.file.ByteLines;
import io.millrace.ingest.file.ExampleLine;
import io.millrace.schemas.LabelledExample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The first examples of a stream. */
public final class StreamStart {

    private StreamStart() {}

    /**
     * The first {@code count} examples of a file of JSON lines, gzipped or not.
     *
     * @throws IllegalArgumentException if it has fewer, or one of them is none
     */
    static List<LabelledExample> read(Path file, int count) throws IOException {
        List<LabelledExample> examples = upTo(file, count);
        if (examples.size() < count) {
            throw new IllegalArgumentException(file + " has " + examples.size() + " examples, expected at least "
                    + count + ": a mini-batch per step. Give fewer --steps, a smaller --batch or a longer --stream.");
        }
        return examples;
    }

    /**
     * The first examples, at most {@code count}, of a file of JSON lines, gzipped or not.
     *
     * @throws IllegalArgumentException if it has none, or one of them is none
     */
    public static List<LabelledExample> upTo(Path file, int count) throws IOException {
        List<LabelledExample> examples = new ArrayList<>();
        try (ByteLines lines = ByteLines.of(file)) {
            for (byte[] line = lines.next(); line != null && examples.size() < count; line = lines.next()) {
                String position = lines.position();
                lines.fault().ifPresent(fault -> {
                    throw new IllegalArgumentException(position + ": " + fault.detail());
                });
                LabelledExample example = ExampleLine.parse(line, /* regression */ false, position);
                ExampleLine.requireLabel(example.label(), position);
                examples.add(example);
            }
        }
        if (examples.isEmpty()) {
            throw new IllegalArgumentException(file + " has no example, expected at least one");
        }
        return examples;
    }
}
