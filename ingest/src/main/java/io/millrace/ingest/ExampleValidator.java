package io.millrace.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingest.Validation.Accepted;
import io.millrace.ingest.Validation.Rejected;
import io.millrace.schemas.ForeignText;
import io.millrace.schemas.Json;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.Task;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Judges one record by itself: bytes in, {@link Validation} out, whatever the bytes are. The first rule that fails
 * gives the reason, in this order: value there, its length, the task, UTF-8, JSON, the types of all fields, then
 * {@code id}, {@code text}, {@code textPair}, {@code label}, {@code weight}, {@code attributes}.
 *
 * <p>A field that is JSON's null counts as absent; a field that is not known is ignored, so that newer producers may
 * say more than this version understands.
 */
final class ExampleValidator {

    /** Longest {@code id}, in UTF-16 units. */
    static final int MAX_ID_CHARS = 256;

    /** Highest {@code weight}. */
    static final double MAX_WEIGHT = 1000;

    /** Most entries of {@code attributes}. */
    static final int MAX_ATTRIBUTES = 64;

    /** Most UTF-16 units of all names and values of {@code attributes} together. */
    static final int MAX_ATTRIBUTE_CHARS = 8192;

    private static final ObjectReader READER =
            Json.mapper().reader().with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private final TaskRegistry tasks;
    private final int maxRecordBytes;

    ExampleValidator(TaskRegistry tasks, int maxRecordBytes) {
        this.tasks = tasks;
        this.maxRecordBytes = maxRecordBytes;
    }

    /** Judges the record with this key and value; either may be null. */
    Validation validate(byte[] key, byte[] value) {
        if (value == null) {
            return new Rejected(RejectionReason.NULL_VALUE, "value: expected a JSON object, got null");
        }
        if (value.length > maxRecordBytes) {
            return new Rejected(
                    RejectionReason.TOO_LARGE,
                    "value: expected at most " + maxRecordBytes + " bytes, got " + value.length);
        }
        Optional<Task> task = tasks.find(key);
        if (task.isEmpty()) {
            return new Rejected(RejectionReason.UNKNOWN_TASK, "key: expected the name of a task, got " + shown(key));
        }
        try {
            JsonNode root = READER.readTree(decode(value));
            return root instanceof ObjectNode object ? validate(task.get(), object) : notAnObject(root);
        } catch (CharacterCodingException e) {
            return new Rejected(RejectionReason.INVALID_UTF8, "value: expected UTF-8, got a malformed byte sequence");
        } catch (JsonProcessingException e) {
            return new Rejected(
                    RejectionReason.INVALID_JSON, "value: expected one JSON object: " + e.getOriginalMessage());
        }
    }

    private static Validation validate(Task task, ObjectNode object) {
        ExampleFields fields = new ExampleFields(object);
        LabelledExample example = new LabelledExample(
                fields.string("id"),
                TextNormalizer.normalize(fields.string("text")),
                TextNormalizer.normalize(fields.string("textPair")),
                LabelRules.read(fields, task),
                fields.instant("eventTime"),
                fields.number("weight"),
                fields.strings("attributes"));
        checkId(fields, example.id());
        checkText(fields, "text", example.text(), task);
        checkPair(fields, example.textPair(), task);
        LabelRules.check(fields, example.label(), task);
        checkWeight(fields, example.weight());
        checkAttributes(fields, example.attributes());
        return fields.problem().<Validation>map(rejected -> rejected).orElseGet(() -> new Accepted(task, example));
    }

    private static void checkId(ExampleFields fields, String id) {
        fields.check(
                id != null && !id.isBlank(),
                RejectionReason.INVALID_ID,
                () -> "id: expected a string that is not blank, got " + (id == null ? "none" : ForeignText.quoted(id)));
        fields.check(
                id != null && id.length() <= MAX_ID_CHARS,
                RejectionReason.INVALID_ID,
                () -> "id: expected at most " + MAX_ID_CHARS + " characters, got " + id.length());
    }

    private static void checkPair(ExampleFields fields, String textPair, Task task) {
        if (task.kind().isPair()) {
            fields.check(
                    textPair != null,
                    RejectionReason.EMPTY_TEXT,
                    () -> "textPair: expected the second text, because task " + task.name()
                            + " takes pairs, got none. Send textPair, or set the task's kind to that of single texts");
            checkText(fields, "textPair", textPair, task);
        } else {
            fields.check(
                    textPair == null,
                    RejectionReason.UNEXPECTED_PAIR,
                    () -> "textPair: expected none, because task " + task.name() + " takes single texts, got one."
                            + " Leave textPair out, or set the task's kind to that of pairs");
        }
    }

    private static void checkText(ExampleFields fields, String field, String text, Task task) {
        fields.check(
                text != null && !text.isEmpty(),
                RejectionReason.EMPTY_TEXT,
                () -> field + ": expected a text, got " + (text == null ? "none" : "nothing but whitespace"));
        fields.check(
                text != null && text.length() <= task.maxTextChars(),
                RejectionReason.TEXT_TOO_LONG,
                () -> field + ": expected at most " + task.maxTextChars() + " characters, got " + text.length());
    }

    private static void checkWeight(ExampleFields fields, Double weight) {
        fields.check(
                weight == null || (weight > 0 && weight <= MAX_WEIGHT),
                RejectionReason.OUT_OF_RANGE,
                () -> "weight: expected a number above 0 and at most " + MAX_WEIGHT + ", got " + weight);
    }

    private static void checkAttributes(ExampleFields fields, Map<String, String> attributes) {
        if (attributes == null || fields.problem().isPresent()) {
            return;
        }
        fields.check(
                attributes.size() <= MAX_ATTRIBUTES,
                RejectionReason.OUT_OF_RANGE,
                () -> "attributes: expected at most " + MAX_ATTRIBUTES + " entries, got " + attributes.size());
        int chars = attributes.entrySet().stream()
                .mapToInt(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
        fields.check(
                chars <= MAX_ATTRIBUTE_CHARS,
                RejectionReason.OUT_OF_RANGE,
                () -> "attributes: expected at most " + MAX_ATTRIBUTE_CHARS + " characters in all, got " + chars);
    }

    private static Rejected notAnObject(JsonNode root) {
        return new Rejected(
                RejectionReason.INVALID_JSON, "value: expected one JSON object, got " + ExampleFields.typeOf(root));
    }

    private static String decode(byte[] value) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(value))
                .toString();
    }

    private static String shown(byte[] key) {
        return key == null ? "none" : ForeignText.quoted(new String(key, StandardCharsets.UTF_8));
    }
}
