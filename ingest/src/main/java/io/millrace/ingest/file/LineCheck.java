package io.millrace.ingest.file;

import io.millrace.ingest.ExampleValidator;
import io.millrace.ingest.Validation;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.Task;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Finds, before a line is sent, the fault for which its reader would reject it. */
@FunctionalInterface
public interface LineCheck {

    /** The fault of a line; empty if it would be accepted. */
    Optional<LineFault> fault(byte[] line);

    /**
     * The fault that ingest would find in an example of {@code task}. Faults that only the stream can show, such as a
     * duplicate or the text of a probe, are not found.
     *
     * @param maxRecordBytes longest line that is accepted
     */
    static LineCheck examples(Task task, int maxRecordBytes) {
        ExampleValidator ingest = new ExampleValidator(List.of(task), maxRecordBytes);
        byte[] key = task.name().getBytes(StandardCharsets.UTF_8);
        return line -> fault(line, ingest.validate(key, line));
    }

    /** The fault that ingest would find in an example of any task. */
    static LineCheck examples() {
        return line -> {
            Validation asClass = ExampleValidator.validateForm(line, /* regression */ false);
            Validation validation = asClass.accepted().isPresent()
                    ? asClass
                    : ExampleValidator.validateForm(line, /* regression */ true);
            return validation.accepted().isPresent()
                            && validation.accepted().get().example().label() == null
                    ? Optional.of(LineFault.of(RejectionReason.MISSING_LABEL, "label: expected a label, got none"))
                    : fault(line, validation.accepted().isPresent() ? validation : asClass);
        };
    }

    /** The fault that ingest would find in a probe of a task whose labels are numbers if {@code regression}; it may have no label. */
    static LineCheck probes(boolean regression) {
        return line -> fault(line, ExampleValidator.validateForm(line, regression));
    }

    /** The fault that the trainer would find in an unlabelled text. */
    static LineCheck texts() {
        return line -> TextLine.fault(line, /* needsId */ true);
    }

    /** The fault of an unlabelled text that is read from a file to train on, and needs no id. */
    static LineCheck textsAlone() {
        return line -> TextLine.fault(line, /* needsId */ false);
    }

    private static Optional<LineFault> fault(byte[] line, Validation validation) {
        return validation
                .rejected()
                .map(rejected -> LineFault.of(rejected.reason(), ExampleLine.fault(line, rejected)));
    }
}
