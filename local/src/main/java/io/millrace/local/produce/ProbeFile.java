package io.millrace.local.produce;

import io.millrace.schemas.Distribution;
import io.millrace.schemas.ForeignText;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeExample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a probe set from JSON lines. Unlike in the stream, a bad line here is an error: a probe set is made by hand, and
 * one that silently lacks examples would measure something else.
 *
 * @param task the task that it probes
 * @param probeSet its name
 * @param distribution in or out of the training distribution
 */
public record ProbeFile(String task, String probeSet, Distribution distribution) {

    /** All examples of {@code lines}, in their order. */
    public List<ProbeExample> read(ByteLines lines) throws IOException {
        return read(lines, MemoryBudget.ofThisProcess());
    }

    List<ProbeExample> read(ByteLines lines, MemoryBudget budget) throws IOException {
        List<ProbeExample> probes = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            LabelledExample example = ExampleLine.parse(line, lines.position());
            budget.keep(example, lines.position());
            ExampleLine.requireText(example.label(), "label", lines.position());
            if (!ids.add(example.id())) {
                throw new IllegalArgumentException(lines.position() + ": id must be unique in a probe set, got "
                        + ForeignText.quoted(example.id()) + " again");
            }
            probes.add(new ProbeExample(task, probeSet, distribution, example));
        }
        return probes;
    }
}
