package io.millrace.compare;

import io.millrace.ingest.file.ByteLines;
import io.millrace.ingest.file.ExampleLine;
import io.millrace.ingest.file.MemoryBudget;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.store.Sha256;
import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The examples of a file of JSON lines, gzipped or not. A bad line is an error: results that silently lack examples would
 * be wrong.
 *
 * @param file the file
 * @param sha256 SHA-256 of its bytes
 * @param examples the examples in their order, at least one
 */
record ExampleFile(Path file, String sha256, List<LabelledExample> examples) {

    /**
     * The examples of a probe set: all labelled, or none.
     *
     * @param regression whether labels are numbers
     */
    static ExampleFile probes(Path file, boolean regression, MemoryBudget budget) throws IOException {
        ExampleFile read = read(file, Long.MAX_VALUE, regression, budget);
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
    static ExampleFile stream(Path file, long limit, boolean regression, MemoryBudget budget) throws IOException {
        ExampleFile read = read(file, limit, regression, budget);
        for (LabelledExample example : read.examples) {
            ExampleLine.requireLabel(example.label(), file + " example " + example.id());
        }
        return read;
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

    private static ExampleFile read(Path file, long limit, boolean regression, MemoryBudget budget) throws IOException {
        List<LabelledExample> examples = new ArrayList<>();
        MessageDigest sha256 = Sha256.digest();
        // Hashed while it is read: a pipe cannot be read twice.
        try (InputStream bytes = new DigestInputStream(ByteLines.open(file), sha256);
                ByteLines lines = ByteLines.of(file.toString(), bytes)) {
            for (byte[] line = lines.next(); line != null && examples.size() < limit; line = lines.next()) {
                LabelledExample example = ExampleLine.parse(line, regression, lines.position());
                budget.keep(example, lines.position());
                examples.add(example);
            }
            bytes.transferTo(OutputStream.nullOutputStream());
        }
        if (examples.isEmpty()) {
            throw new IllegalArgumentException(file + " must hold at least one example, got none");
        }
        return new ExampleFile(file, HexFormat.of().formatHex(sha256.digest()), List.copyOf(examples));
    }
}
