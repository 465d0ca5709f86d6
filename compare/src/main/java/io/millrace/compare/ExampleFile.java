package io.millrace.compare;

import io.millrace.ingest.file.DataFile;
import io.millrace.ingest.file.ExampleLine;
import io.millrace.ingest.file.LineSource;
import io.millrace.ingest.file.MemoryBudget;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.store.Sha256;
import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The examples of a file. A bad line is an error: results that silently lack examples would
 * be wrong.
 *
 * @param file the file
 * @param sha256 SHA-256 of its bytes; of a table, also of how it was read
 * @param examples the examples in their order, at least one
 */
record ExampleFile(DataFile file, String sha256, List<LabelledExample> examples) {

    /** Reads a line as an example. */
    @FunctionalInterface
    private interface Parser {
        LabelledExample parse(byte[] line, String position);
    }

    /**
     * The examples of a probe set: all labelled, or none.
     *
     * @param regression whether labels are numbers
     */
    static ExampleFile probes(DataFile file, boolean regression, MemoryBudget budget) throws IOException {
        ExampleFile read = read(file, Long.MAX_VALUE, ofForm(regression), budget);
        Set<String> ids = new HashSet<>();
        for (LabelledExample example : read.examples) {
            if (!ids.add(example.id())) {
                throw new IllegalArgumentException(
                        file + ": id must be unique in a probe set, got " + LogSafe.quoted(example.id()) + " again");
            }
        }
        long labelled = read.examples.stream()
                .filter(example -> example.label() != null)
                .count();
        if (labelled != 0 && labelled != read.examples.size()) {
            throw new IllegalArgumentException(file + ": either all examples of a probe set have a label, or none: got "
                    + labelled + " with a label among " + read.examples.size());
        }
        return read;
    }

    /**
     * The first {@code limit} examples of a stream, each with a label.
     *
     * @param regression whether labels are numbers
     */
    static ExampleFile stream(DataFile file, long limit, boolean regression, MemoryBudget budget) throws IOException {
        ExampleFile read = read(file, limit, ofForm(regression), budget);
        for (LabelledExample example : read.examples) {
            ExampleLine.requireLabel(example.label(), file + " example " + example.id());
        }
        return read;
    }

    /** The first {@code limit} examples of a stream, each one that {@code task} accepts. */
    static ExampleFile stream(DataFile file, long limit, Task task, MemoryBudget budget) throws IOException {
        return read(file, limit, (line, position) -> ExampleLine.parse(line, task, position), budget);
    }

    private static Parser ofForm(boolean regression) {
        return (line, position) -> ExampleLine.parse(line, regression, position);
    }

    /** Whether the examples have labels. */
    boolean isLabelled() {
        return examples.get(0).label() != null;
    }

    /** Whether the examples are pairs of texts: all are, or none. */
    boolean isPaired() {
        long pairs =
                examples.stream().filter(example -> example.textPair() != null).count();
        if (pairs != 0 && pairs != examples.size()) {
            throw new IllegalArgumentException(file + ": either all examples have a textPair, or none: got " + pairs
                    + " with one among " + examples.size());
        }
        return pairs != 0;
    }

    private static ExampleFile read(DataFile file, long limit, Parser parser, MemoryBudget budget) throws IOException {
        List<LabelledExample> examples = new ArrayList<>();
        MessageDigest sha256 = Sha256.digest();
        // Hashed while it is read: a pipe cannot be read twice.
        try (InputStream bytes = new DigestInputStream(file.bytes(), sha256);
                LineSource lines = file.lines(bytes)) {
            for (byte[] line = lines.next(); line != null && examples.size() < limit; line = lines.next()) {
                String position = lines.position();
                lines.fault().ifPresent(fault -> {
                    throw new IllegalArgumentException(position + ": " + fault.detail());
                });
                LabelledExample example = parser.parse(line, position);
                budget.keep(example, position);
                examples.add(example);
            }
            bytes.transferTo(OutputStream.nullOutputStream());
        }
        if (examples.isEmpty()) {
            throw new IllegalArgumentException(file + " must hold at least one example, got none");
        }
        String ofBytes = HexFormat.of().formatHex(sha256.digest());
        return new ExampleFile(
                file,
                file.format().isTable() ? Sha256.of(ofBytes + " " + file.reading()) : ofBytes,
                List.copyOf(examples));
    }
}
