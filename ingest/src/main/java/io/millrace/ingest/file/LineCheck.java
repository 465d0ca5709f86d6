package io.millrace.ingest.file;

import io.millrace.ingest.ExampleValidator;
import io.millrace.ingest.Validation;
import io.millrace.schemas.Task;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Says before a line is sent what its reader would reject it for. */
@FunctionalInterface
public interface LineCheck {

    /** What is wrong with a line; nothing if it would be accepted. */
    Optional<String> fault(byte[] line);

    /**
     * What ingest would say of an example of {@code task}. What only the stream can tell, as that the text is that of a probe or that it
     * came before, is not among it.
     *
     * @param maxRecordBytes longest line that is accepted
     */
    static LineCheck examples(Task task, int maxRecordBytes) {
        ExampleValidator ingest = new ExampleValidator(List.of(task), maxRecordBytes);
        byte[] key = task.name().getBytes(StandardCharsets.UTF_8);
        return line -> fault(line, ingest.validate(key, line));
    }

    /** What ingest would say of an example whatever its task is. */
    static LineCheck examples() {
        return line -> {
            Validation asClass = ExampleValidator.validateForm(line, /* regression */ false);
            Validation validation = asClass.accepted().isPresent()
                    ? asClass
                    : ExampleValidator.validateForm(line, /* regression */ true);
            return validation.accepted().isPresent()
                            && validation.accepted().get().example().label() == null
                    ? Optional.of("label: expected a label, got none")
                    : fault(line, validation.accepted().isPresent() ? validation : asClass);
        };
    }

    /** What the trainer would say of an unlabelled text. */
    static LineCheck texts() {
        return TextLine::fault;
    }

    private static Optional<String> fault(byte[] line, Validation validation) {
        return validation.rejected().map(rejected -> ExampleLine.fault(line, rejected));
    }
}
