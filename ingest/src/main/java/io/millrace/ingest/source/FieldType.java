package io.millrace.ingest.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingest.decode.StrictJson;
import io.millrace.ingest.decode.UndecodableException;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** What may be at a pointer, and how it becomes the text of a field. */
enum FieldType {
    TEXT("a string") {
        @Override
        @Nullable
        String text(JsonNode node) {
            return node.isTextual() ? node.textValue() : null;
        }
    },
    ID("a string or a whole number") {
        @Override
        @Nullable
        String text(JsonNode node) {
            return node.isTextual() || node.isIntegralNumber() ? node.asText() : null;
        }
    },
    SCALAR("a string, a number or a boolean") {
        @Override
        @Nullable
        String text(JsonNode node) {
            return node.isTextual() || node.isNumber() || node.isBoolean() ? node.asText() : null;
        }
    },
    TIME("an ISO-8601 time with a zone, or milliseconds since 1970") {
        @Override
        @Nullable
        String text(JsonNode node) {
            if (node.isIntegralNumber()) {
                return node.canConvertToLong()
                        ? Instant.ofEpochMilli(node.longValue()).toString()
                        : null;
            }
            try {
                return node.isTextual()
                        ? OffsetDateTime.parse(node.textValue()).toInstant().toString()
                        : null;
            } catch (DateTimeException e) {
                return null;
            }
        }
    };

    private final String words;

    FieldType(String words) {
        this.words = words;
    }

    /** The text of the field; null if the node is nothing of this type. */
    abstract @Nullable String text(JsonNode node);

    /** As messages name it. */
    String words() {
        return words;
    }

    /** The text of the field; {@code field} names it in messages. */
    String read(String field, JsonNode node) throws UndecodableException {
        String text = text(node);
        if (text == null) {
            throw new UndecodableException(
                    RejectionReason.WRONG_TYPE,
                    field + ": expected " + words + ", got "
                            + (node.isTextual() ? LogSafe.quoted(node.textValue()) : StrictJson.typeOf(node)));
        }
        return text;
    }
}
