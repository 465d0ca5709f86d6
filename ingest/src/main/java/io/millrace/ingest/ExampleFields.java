package io.millrace.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingest.Validation.Rejected;
import io.millrace.ingest.decode.StrictJson;
import io.millrace.schemas.NumberLabel;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads the fields of one JSON object and keeps the first fault; later ones are ignored. A field that is absent, JSON's null
 * or wrong reads as null.
 */
final class ExampleFields {

    private final ObjectNode object;
    private @Nullable Rejected problem;

    ExampleFields(ObjectNode object) {
        this.object = object;
    }

    @Nullable
    String string(String field) {
        JsonNode node = node(field);
        return node == null ? null : string(field, node);
    }

    /** {@code advice}: what to do if it is not a string. */
    @Nullable
    String string(String field, String advice) {
        JsonNode node = node(field);
        if (node == null) {
            return null;
        }
        check(node.isTextual(), RejectionReason.WRONG_TYPE, () -> expected(field, "a string", node) + ". " + advice);
        return string(field, node);
    }

    /** A number is returned as text. */
    @Nullable
    String stringOrNumber(String field) {
        JsonNode node = node(field);
        if (node == null) {
            return null;
        }
        if (node.isNumber()) {
            return NumberLabel.of(node.doubleValue());
        }
        check(node.isTextual(), RejectionReason.WRONG_TYPE, () -> expected(field, "a number or a string", node));
        return string(field, node);
    }

    @Nullable
    Double number(String field) {
        JsonNode node = node(field);
        if (node == null) {
            return null;
        }
        check(node.isNumber(), RejectionReason.WRONG_TYPE, () -> expected(field, "a number", node));
        return node.doubleValue();
    }

    /** An ISO-8601 instant, as {@code 2026-01-31T12:00:00Z}. */
    @Nullable
    Instant instant(String field) {
        String text = string(field);
        if (text == null) {
            return null;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            reject(
                    RejectionReason.WRONG_TYPE,
                    field + ": expected an ISO-8601 instant as 2026-01-31T12:00:00Z, got " + LogSafe.quoted(text));
            return null;
        }
    }

    /** An object whose values are all strings, in their order. */
    @Nullable
    Map<String, String> strings(String field) {
        JsonNode node = node(field);
        if (node == null) {
            return null;
        }
        check(node.isObject(), RejectionReason.WRONG_TYPE, () -> expected(field, "an object of strings", node));
        Map<String, String> strings = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String name = encodable(field, entry.getKey());
            strings.put(name, string(field + "." + LogSafe.quoted(name), entry.getValue()));
        }
        return Collections.unmodifiableMap(strings);
    }

    /** Rejects the object for this reason if the rule does not hold and there was no fault before. */
    void check(boolean holds, RejectionReason reason, Supplier<String> detail) {
        if (!holds && problem == null) {
            problem = new Rejected(reason, detail.get());
        }
    }

    /** The first fault. */
    Optional<Rejected> problem() {
        return Optional.ofNullable(problem);
    }

    private void reject(RejectionReason reason, String detail) {
        check(false, reason, () -> detail);
    }

    private @Nullable JsonNode node(String field) {
        JsonNode node = object.get(field);
        return node == null || node.isNull() ? null : node;
    }

    private @Nullable String string(String field, JsonNode node) {
        check(node.isTextual(), RejectionReason.WRONG_TYPE, () -> expected(field, "a string", node));
        return node.isTextual() ? encodable(field, node.textValue()) : null;
    }

    /** JSON's escapes can spell half a surrogate pair, which no UTF-8 text can hold. */
    private String encodable(String field, String text) {
        check(
                hasWholePairs(text),
                RejectionReason.INVALID_UTF8,
                () -> field + ": expected Unicode text, got half of a surrogate pair");
        return text;
    }

    private static boolean hasWholePairs(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isSurrogatePair(text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : ' ')) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static String expected(String field, String type, JsonNode node) {
        return field + ": expected " + type + ", got " + StrictJson.typeOf(node);
    }
}
