package io.millrace.ingest.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads UTF-8 with one JSON value whose objects have every field once. A leading byte order mark, which editors and exports
 * write, is skipped. Faults are described in our own words: the JSON library's name its classes and settings, which do not
 * help senders of records.
 */
public final class StrictJson {

    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final char REPLACEMENT = '\uFFFD';

    private static final ObjectReader READER = Json.mapper()
            .reader()
            .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private StrictJson() {}

    /**
     * The JSON value.
     *
     * @param expected what messages say that there should be, as {@code one JSON object}
     * @throws UndecodableException if it is not UTF-8 or not one value
     */
    public static JsonNode read(ByteBuffer value, String expected) throws UndecodableException {
        try (JsonParser parser = Json.mapper().createParser(decode(value))) {
            return parse(parser, expected);
        } catch (JsonProcessingException e) {
            throw invalid(expected, fault(e));
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory cannot be read: " + e.getMessage(), e);
        }
    }

    /** The node's JSON type as messages name it. */
    public static String typeOf(JsonNode node) {
        return "JSON type " + node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    private static JsonNode parse(JsonParser parser, String expected) throws IOException, UndecodableException {
        JsonNode root;
        try {
            root = READER.readTree(parser);
        } catch (MismatchedInputException e) {
            // Nothing else can be wrong in a tree that accepts every type.
            throw new UndecodableException(
                    RejectionReason.INVALID_JSON,
                    "value: expected every field once, got " + LogSafe.quoted(parser.currentName()) + " twice");
        }
        if (root == null || root.isMissingNode()) {
            throw invalid(expected, "nothing");
        }
        if (parser.nextToken() != null) {
            throw invalid(
                    expected,
                    "more behind it, " + place(parser.currentTokenLocation().getCharOffset()));
        }
        return root;
    }

    private static UndecodableException invalid(String expected, String got) {
        return new UndecodableException(RejectionReason.INVALID_JSON, "value: expected " + expected + ", got " + got);
    }

    private static String fault(JsonProcessingException e) {
        if (e instanceof StreamConstraintsException) {
            return "one nested deeper than " + Json.MAX_NESTING_DEPTH
                    + " levels, or with a number or a name that is too long";
        }
        if (e instanceof JsonEOFException) {
            return "one that is cut short";
        }
        return "what is no JSON "
                + (e.getLocation() == null ? "" : place(e.getLocation().getCharOffset()));
    }

    /** {@code offset}: of the character, from 0. */
    private static String place(long offset) {
        return "at character " + (offset + 1);
    }

    /** Several times as fast as a decoder that reports faults. */
    private static String decodeLeniently(ByteBuffer value) {
        if (value.hasArray()) {
            return new String(
                    value.array(), value.arrayOffset() + value.position(), value.remaining(), StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String decode(ByteBuffer value) throws UndecodableException {
        try {
            String text = decodeLeniently(value);
            if (text.indexOf(REPLACEMENT) >= 0) {
                // It was sent, or stands for bytes that are no UTF-8.
                text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(value.duplicate())
                        .toString();
            }
            return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new UndecodableException(
                    RejectionReason.INVALID_UTF8, "value: expected UTF-8, got a malformed byte sequence");
        }
    }
}
