package io.millrace.app.produce;

import io.millrace.ingest.ExampleValidator;
import io.millrace.ingest.file.ExampleLine;
import io.millrace.ingest.file.LineCheck;
import io.millrace.ingest.file.LineFault;
import io.millrace.ingest.file.LineSource;
import io.millrace.ingest.file.MemoryBudget;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.Task;
import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a probe set from a file. Unlike in the stream, a bad line here is an error: a probe set is made by hand, and
 * one that silently lacks examples would measure something else.
 *
 * @param task the task that it probes
 * @param probeSet its name
 * @param distribution in or out of the training distribution
 */
public record ProbeFile(String task, String probeSet, Distribution distribution) {

    public ProbeFile {
        if (task == null || !Task.NAME.matcher(task).matches()) {
            throw new IllegalArgumentException("the task of a probe set must match " + Task.NAME + ", got "
                    + (task == null ? "none" : LogSafe.quoted(task)));
        }
        ProbeExample.faultOfSet(probeSet).ifPresent(fault -> {
            throw new IllegalArgumentException(fault);
        });
        if (!LogSafe.isVisible(probeSet) || !probeSet.equals(probeSet.strip())) {
            throw new IllegalArgumentException(
                    "probeSet must be a name that can be seen, without spaces around it, got "
                            + LogSafe.quoted(probeSet));
        }
    }

    /** All examples of {@code lines}, in their order; what depends on the task is not checked. */
    public List<ProbeExample> read(LineSource lines) throws IOException {
        return read(lines, Optional.empty(), MemoryBudget.ofThisProcess());
    }

    /**
     * All examples of {@code lines}, in their order.
     *
     * @param known the task, if it is known: then its kind and its sizes hold for probes as they do for examples. A label may be one that
     *     the task does not list, because the head may grow to it
     */
    public List<ProbeExample> read(LineSource lines, Optional<Task> known) throws IOException {
        return read(lines, known, MemoryBudget.ofThisProcess());
    }

    List<ProbeExample> read(LineSource lines, Optional<Task> known, MemoryBudget budget) throws IOException {
        List<ProbeExample> probes = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            String position = lines.position();
            lines.fault().ifPresent(fault -> {
                throw new IllegalArgumentException(position + ": " + fault.detail());
            });
            LabelledExample example = parse(line, known, position);
            budget.keep(example, position);
            ExampleLine.requireLabel(example.label(), position);
            if (!ids.add(example.id())) {
                throw new IllegalArgumentException(position + ": id must be unique in a probe set, got "
                        + LogSafe.quoted(example.id()) + " again");
            }
            probes.add(new ProbeExample(task, probeSet, distribution, example));
        }
        return probes;
    }

    /**
     * The fault of a line for which {@link #read} would refuse the file. It remembers the ids of one file.
     *
     * @param known as for {@link #read}
     */
    public LineCheck check(Optional<Task> known) {
        LineCheck form = known.map(found -> LineCheck.examples(withAnyLabel(found), Integer.MAX_VALUE))
                .orElseGet(LineCheck::examples);
        Set<String> ids = new HashSet<>();
        return line -> {
            Optional<LineFault> fault = form.fault(line);
            if (fault.isPresent()) {
                return fault;
            }
            String id = parse(line, known, "a line").id();
            return ids.add(id)
                    ? Optional.empty()
                    : Optional.of(new LineFault(
                            RejectionReason.CONFLICTING_ID.wireName(),
                            "id: expected one that is unique in the probe set, got " + LogSafe.quoted(id) + " again"));
        };
    }

    private static LabelledExample parse(byte[] line, Optional<Task> known, String position) {
        if (known.isPresent()) {
            return ExampleLine.parse(line, withAnyLabel(known.get()), position);
        }
        // Whether a label is a number is up to the task.
        boolean number = ExampleValidator.validateForm(line, /* regression */ false)
                        .accepted()
                        .isEmpty()
                && ExampleValidator.validateForm(line, /* regression */ true)
                        .accepted()
                        .isPresent();
        return ExampleLine.parse(line, number, position);
    }

    private static Task withAnyLabel(Task task) {
        return task.kind().isRegression()
                ? task
                : new Task(
                        task.name(),
                        task.kind(),
                        task.labels(),
                        NewLabels.GROW,
                        Integer.MAX_VALUE,
                        task.tolerance(),
                        task.maxTextChars());
    }
}
