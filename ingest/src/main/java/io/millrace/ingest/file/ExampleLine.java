package io.millrace.ingest.file;

import io.millrace.ingest.ExampleValidator;
import io.millrace.ingest.Validation;
import io.millrace.ingest.Validation.Rejected;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

/** One line of a file of examples, read as ingest reads it: every command accepts and refuses the same. */
public final class ExampleLine {

    /** The prefix of ingest's faults of a whole record, which a line does not need. */
    private static final String WHOLE = "value: ";

    private ExampleLine() {}

    /**
     * The example in {@code line}, whatever its task: its texts are normalised, and its label may be absent.
     *
     * @param regression whether labels are numbers
     * @param position the position of the line, for messages
     * @throws IllegalArgumentException if ingest would reject it for any task
     */
    public static LabelledExample parse(byte[] line, boolean regression, String position) {
        return accepted(line, ExampleValidator.validateForm(line, regression), position);
    }

    /**
     * The example in {@code line}, as one of {@code task}.
     *
     * @param position the position of the line, for messages
     * @throws IllegalArgumentException if ingest would reject it
     */
    public static LabelledExample parse(byte[] line, Task task, String position) {
        return accepted(line, ExampleValidator.validate(task, line), position);
    }

    /** Refuses a label that is absent or blank, or has spaces around it. */
    public static void requireLabel(@Nullable String label, String position) {
        if (label == null || label.isBlank()) {
            throw new IllegalArgumentException(
                    position + ": label: expected a label, got " + (label == null ? "none" : LogSafe.quoted(label)));
        }
        if (!label.equals(label.strip())) {
            throw new IllegalArgumentException(position + ": label: expected one without spaces around it, got "
                    + LogSafe.quoted(label) + ". Take them away.");
        }
    }

    /** The fault of {@code line} in the words of ingest, with a hint if the file is of another kind. */
    static String fault(byte[] line, Rejected rejected) {
        String detail = rejected.detail();
        return (detail.startsWith(WHOLE) ? detail.substring(WHOLE.length()) : detail) + hint(line);
    }

    private static LabelledExample accepted(byte[] line, Validation validation, String position) {
        return validation
                .accepted()
                .map(Validation.Accepted::example)
                .orElseThrow(() -> new IllegalArgumentException(position + ": "
                        + validation
                                .rejected()
                                .map(rejected -> fault(line, rejected))
                                .orElseThrow()));
    }

    private static String hint(byte[] line) {
        for (byte character : line) {
            if (character == '[') {
                return ". This looks like a JSON array: give one object per line, as jq -c '.[]' FILE prints them";
            }
            if (character == '{') {
                return "";
            }
            if (character != ' ' && character != '\t') {
                return ". Is this a file of JSON lines? Give one object per line, as"
                        + " {\"id\": \"1\", \"text\": \"a fine film\", \"label\": \"good\"}."
                        + " Tables are read with --format csv or tsv";
            }
        }
        return "";
    }
}
