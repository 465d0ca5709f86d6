package io.millrace.local.compare;

import io.millrace.local.produce.ByteLines;
import io.millrace.local.produce.ExampleLine;
import io.millrace.local.produce.MemoryBudget;
import io.millrace.schemas.ForeignText;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Sha256;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The examples of a file of JSON lines, gzipped or not. A bad line is an error: results that silently lack examples would
 * say something else.
 *
 * @param file the file
 * @param sha256 hash of its bytes
 * @param examples the examples in their order, at least one
 */
record ExampleFile(Path file, String sha256, List<LabelledExample> examples) {

    /** The examples of a probe set: all of them labelled, or none. */
    static ExampleFile probes(Path file, MemoryBudget budget) throws IOException {
        ExampleFile read = read(file, Long.MAX_VALUE, budget);
        Set<String> ids = new HashSet<>();
        for (LabelledExample example : read.examples) {
            if (!ids.add(example.id())) {
                throw new IllegalArgumentException(file + ": id must be unique in a probe set, got "
                        + ForeignText.quoted(example.id()) + " again");
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

    /** The first {@code limit} examples of a stream, each with a label. */
    static ExampleFile stream(Path file, long limit, MemoryBudget budget) throws IOException {
        ExampleFile read = read(file, limit, budget);
        for (LabelledExample example : read.examples) {
            ExampleLine.requireText(example.label(), "label", file + " example " + example.id());
        }
        return read;
    }

    /** Whether the examples have labels. */
    boolean isLabelled() {
        return examples.get(0).label() != null;
    }

    /** Whether the examples are pairs of texts: all of them, or none. */
    boolean isPaired() {
        long pairs =
                examples.stream().filter(example -> example.textPair() != null).count();
        if (pairs != 0 && pairs != examples.size()) {
            throw new IllegalArgumentException(file + ": either all examples have a textPair, or none: got " + pairs
                    + " with one among " + examples.size());
        }
        return pairs != 0;
    }

    private static ExampleFile read(Path file, long limit, MemoryBudget budget) throws IOException {
        List<LabelledExample> examples = new ArrayList<>();
        try (ByteLines lines = ByteLines.of(file)) {
            for (byte[] line = lines.next(); line != null && examples.size() < limit; line = lines.next()) {
                LabelledExample example = ExampleLine.parse(line, lines.position());
                budget.keep(example, lines.position());
                examples.add(example);
            }
        }
        if (examples.isEmpty()) {
            throw new IllegalArgumentException(file + " must hold at least one example, got none");
        }
        return new ExampleFile(file, Sha256.of(file), List.copyOf(examples));
    }
}
