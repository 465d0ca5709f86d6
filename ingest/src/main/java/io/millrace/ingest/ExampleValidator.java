package io.millrace.ingest;

import io.millrace.ingest.Validation.Rejected;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.Task;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Validates one example on its own: bytes in, {@link Validation} out, whatever the bytes are. The first rule that fails
 * gives the reason, in this order: the value, its length, the task, UTF-8, JSON, the types of all fields, then
 * {@code id}, {@code text}, {@code textPair}, {@code label}, {@code weight}, {@code attributes}.
 *
 * <p>A field that is JSON's null counts as absent. An unknown field is ignored, so that newer producers may send more than
 * this version understands.
 *
 * <p>Needs no broker: a sender of examples can ask beforehand what ingest would say.
 */
public final class ExampleValidator {

    /** Longest {@code id}, in UTF-16 units. */
    static final int MAX_ID_CHARS = 256;

    /** Highest {@code weight}. */
    static final double MAX_WEIGHT = 1000;

    /** Most entries of {@code attributes}. */
    static final int MAX_ATTRIBUTES = 64;

    /** Most UTF-16 units of all names and values of {@code attributes} together. */
    static final int MAX_ATTRIBUTE_CHARS = 8192;

    private final TaskRegistry tasks;
    private final int maxRecordBytes;

    /**
     * A validator of the records of {@code examples}.
     *
     * @param tasks every task whose examples are accepted
     * @param maxRecordBytes longest value that is read, {@code ingest.maxRecordBytes}
     */
    public ExampleValidator(List<Task> tasks, int maxRecordBytes) {
        this(new TaskRegistry(tasks), maxRecordBytes);
    }

    ExampleValidator(TaskRegistry tasks, int maxRecordBytes) {
        this.tasks = tasks;
        this.maxRecordBytes = maxRecordBytes;
    }

    /** Validates the record with this key and value; either may be null. */
    public Validation validate(byte @Nullable [] key, byte @Nullable [] value) {
        Optional<Rejected> unreadable = unreadable(value);
        if (unreadable.isPresent() || value == null) {
            return unreadable.orElseThrow();
        }
        return tasks.find(key).map(task -> validate(task, value)).orElseGet(() -> unknownTask(key));
    }

    /** Validates a text that waits for its label, or a label that waits for its text. */
    Validation validateHalf(Half.Side side, byte @Nullable [] key, byte[] value) {
        Optional<Rejected> unreadable = unreadable(value);
        if (unreadable.isPresent()) {
            return unreadable.get();
        }
        return switch (side) {
            case TEXT -> tasks.find(key)
                    .map(task -> validate(task, value, false))
                    .orElseGet(() -> unknownTask(key));
            case LABEL -> ExampleJson.read(value, false, (fields, example) -> checkId(fields, example.id()));
        };
    }

    /** Why this value is not even looked into; empty if it is. */
    Optional<Rejected> unreadable(byte @Nullable [] value) {
        if (value == null) {
            return Optional.of(new Rejected(RejectionReason.NULL_VALUE, "value: expected one, got null"));
        }
        return value.length > maxRecordBytes
                ? Optional.of(new Rejected(
                        RejectionReason.TOO_LARGE,
                        "value: expected at most " + maxRecordBytes + " bytes, got " + value.length))
                : Optional.empty();
    }

    private static Validation unknownTask(byte @Nullable [] key) {
        return new Rejected(RejectionReason.UNKNOWN_TASK, "key: expected the name of a task, got " + shown(key));
    }

    /** Validates the JSON of an example of {@code task}. */
    public static Validation validate(Task task, byte[] value) {
        return validate(task, value, true);
    }

    private static Validation validate(Task task, byte[] value, boolean labelled) {
        return ExampleJson.read(value, task.kind().isRegression(), (fields, example) -> {
            checkId(fields, example.id());
            checkText(fields, "text", example.text(), task.maxTextChars());
            checkPair(fields, example.textPair(), task);
            if (labelled) {
                LabelRules.check(fields, example.label(), task);
            }
            checkWeight(fields, example.weight());
            checkAttributes(fields, example.attributes());
        });
    }

    /**
     * Validates an example without a task, by the rules that need none. So the label and the {@code textPair} may be
     * absent, a class may have any name, and a text any length.
     *
     * @param regression whether the label is a number
     */
    public static Validation validateForm(byte[] value, boolean regression) {
        return ExampleJson.read(value, regression, (fields, example) -> {
            checkId(fields, example.id());
            checkText(fields, "text", example.text(), Integer.MAX_VALUE);
            if (example.textPair() != null) {
                checkText(fields, "textPair", example.textPair(), Integer.MAX_VALUE);
            }
            if (regression && example.label() != null) {
                LabelRules.checkNumber(fields, example.label(), "labels are numbers here");
            }
            checkWeight(fields, example.weight());
            checkAttributes(fields, example.attributes());
        });
    }

    private static void checkId(ExampleFields fields, @Nullable String id) {
        fields.check(
                id != null && !id.isBlank(),
                RejectionReason.INVALID_ID,
                () -> "id: expected a string that is not blank, got " + (id == null ? "none" : LogSafe.quoted(id)));
        fields.check(
                id == null || id.length() <= MAX_ID_CHARS,
                RejectionReason.INVALID_ID,
                () -> "id: expected at most " + MAX_ID_CHARS + " characters, got " + length(id));
    }

    private static void checkPair(ExampleFields fields, @Nullable String textPair, Task task) {
        if (task.kind().isPair()) {
            fields.check(
                    textPair != null,
                    RejectionReason.EMPTY_TEXT,
                    () -> "textPair: expected the second text, because task " + task.name()
                            + " takes pairs, got none. Send textPair, or set the task's kind to that of single texts");
            checkText(fields, "textPair", textPair, task.maxTextChars());
        } else {
            fields.check(
                    textPair == null,
                    RejectionReason.UNEXPECTED_PAIR,
                    () -> "textPair: expected none, because task " + task.name() + " takes single texts, got one."
                            + " Leave textPair out, or set the task's kind to that of pairs");
        }
    }

    private static void checkText(ExampleFields fields, String field, @Nullable String text, int maxChars) {
        fields.check(
                text != null && LogSafe.isVisible(text),
                RejectionReason.EMPTY_TEXT,
                () -> field + ": expected a text, got " + (text == null ? "none" : "nothing that can be seen"));
        fields.check(
                text == null || text.length() <= maxChars,
                RejectionReason.TEXT_TOO_LONG,
                () -> field + ": expected at most " + maxChars + " characters, got " + length(text));
    }

    private static void checkWeight(ExampleFields fields, @Nullable Double weight) {
        fields.check(
                weight == null || (weight > 0 && weight <= MAX_WEIGHT),
                RejectionReason.OUT_OF_RANGE,
                () -> "weight: expected a number above 0 and at most " + MAX_WEIGHT + ", got " + weight);
    }

    private static void checkAttributes(ExampleFields fields, @Nullable Map<String, String> attributes) {
        if (attributes == null || fields.problem().isPresent()) {
            return;
        }
        fields.check(
                attributes.size() <= MAX_ATTRIBUTES,
                RejectionReason.OUT_OF_RANGE,
                () -> "attributes: expected at most " + MAX_ATTRIBUTES + " entries, got " + attributes.size());
        int total = 0;
        for (Map.Entry<String, String> entry : attributes.entrySet()) {
            total += entry.getKey().length() + entry.getValue().length();
        }
        int chars = total;
        fields.check(
                chars <= MAX_ATTRIBUTE_CHARS,
                RejectionReason.OUT_OF_RANGE,
                () -> "attributes: expected at most " + MAX_ATTRIBUTE_CHARS + " characters in all, got " + chars);
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static String shown(byte @Nullable [] key) {
        return key == null ? "none" : LogSafe.quoted(new String(key, StandardCharsets.UTF_8));
    }
}
