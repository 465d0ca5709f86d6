package io.millrace.ingest;

import io.millrace.schemas.NewLabels;
import io.millrace.schemas.NumberLabel;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.Task;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

import java.util.OptionalDouble;

/**
 * The rules for labels: a number for a regression, otherwise one of the task's labels or, if new labels grow the head,
 * anything that can name a class. Only the trainer knows which labels the head has, and checks how many it may have.
 */
final class LabelRules {

    /** Longest new label, in UTF-16 units. */
    static final int MAX_NEW_LABEL_CHARS = 256;

    /** As {@code -123456.78901234567}, with room for an exponent. */
    private static final int MAX_NUMBER_CHARS = 32;

    private LabelRules() {}

    /** The field {@code label}: a number in its one form, see {@link NumberLabel#of}, and anything else as it came. */
    static @Nullable String read(ExampleFields fields, boolean regression) {
        if (!regression) {
            return fields.string("label", "Write the label as the configuration does, in quotation marks");
        }
        String label = fields.stringOrNumber("label");
        OptionalDouble number = label == null ? OptionalDouble.empty() : NumberLabel.parse(label);
        return number.isPresent() ? NumberLabel.of(number.getAsDouble()) : label;
    }

    static void check(ExampleFields fields, @Nullable String label, Task task) {
        fields.check(
                label != null,
                RejectionReason.MISSING_LABEL,
                () -> "label: expected " + (task.kind().isRegression() ? "a number" : "a label") + " of task "
                        + task.name() + ", got none");
        if (label == null) {
            return;
        }
        if (task.kind().isRegression()) {
            checkNumber(fields, label, "task " + task.name() + " is a regression");
        } else if (task.newLabels() == NewLabels.GROW) {
            checkNew(fields, label, task);
        } else {
            fields.check(
                    task.labels().contains(label),
                    RejectionReason.UNKNOWN_LABEL,
                    () -> "label: expected one of the " + task.labels().size() + " labels of task " + task.name()
                            + ", got " + LogSafe.quoted(label));
        }
    }

    /** The most UTF-16 units that an accepted label of this task has. */
    static int maxChars(Task task) {
        if (task.kind().isRegression()) {
            return MAX_NUMBER_CHARS;
        }
        int longest = task.labels().stream().mapToInt(String::length).max().orElse(0);
        return task.newLabels() == NewLabels.GROW ? Math.max(longest, MAX_NEW_LABEL_CHARS) : longest;
    }

    /** {@code because}: why it must be a number. */
    static void checkNumber(ExampleFields fields, String label, String because) {
        OptionalDouble number = NumberLabel.parse(label);
        fields.check(
                number.isPresent(),
                RejectionReason.INVALID_LABEL,
                () -> "label: expected a number, because " + because + ", got " + LogSafe.quoted(label));
        fields.check(
                number.isPresent() && Math.abs(number.getAsDouble()) <= NumberLabel.MAX_MAGNITUDE,
                RejectionReason.OUT_OF_RANGE,
                () -> "label: expected a number from " + NumberLabel.of(-NumberLabel.MAX_MAGNITUDE) + " to "
                        + NumberLabel.of(NumberLabel.MAX_MAGNITUDE) + ", got " + LogSafe.quoted(label)
                        + ". Scale the labels of the task.");
    }

    private static void checkNew(ExampleFields fields, String label, Task task) {
        boolean known = task.labels().contains(label);
        fields.check(
                known || LogSafe.isVisible(label),
                RejectionReason.INVALID_LABEL,
                () -> "label: expected a label that is not blank, got " + LogSafe.quoted(label));
        fields.check(
                known || label.length() <= MAX_NEW_LABEL_CHARS,
                RejectionReason.INVALID_LABEL,
                () -> "label: expected at most " + MAX_NEW_LABEL_CHARS + " characters, got " + label.length());
        fields.check(
                known || LogSafe.isPlain(label),
                RejectionReason.INVALID_LABEL,
                () -> "label: expected neither control characters nor overrides of the writing direction, got "
                        + LogSafe.quoted(label));
    }
}
