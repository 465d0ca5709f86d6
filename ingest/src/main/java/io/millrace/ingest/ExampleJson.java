package io.millrace.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingest.Validation.Rejected;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/**
 * Turns bytes into an example: UTF-8 with one JSON object that has every field once; its texts are normalised. A leading byte
 * order mark, which editors and exports write, is skipped. Faults are described in our own words: the JSON library's name
 * its classes and settings, which do not help senders of examples.
 */
final class ExampleJson {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private static final ObjectReader READER = Json.mapper()
            .reader()
            .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private ExampleJson() {}

    /**
     * The example in {@code value} if {@code rules} find nothing wrong with it, otherwise the first fault.
     *
     * @param regression whether the label may be a JSON number, and is brought to its one form
     */
    static Validation read(byte[] value, boolean regression, BiConsumer<ExampleFields, LabelledExample> rules) {
        String text;
        try {
            text = decode(value);
        } catch (CharacterCodingException e) {
            return new Rejected(RejectionReason.INVALID_UTF8, "value: expected UTF-8, got a malformed byte sequence");
        }
        try (JsonParser parser = Json.mapper().createParser(text)) {
            return parse(parser, regression, rules);
        } catch (JsonProcessingException e) {
            return notOneObject(fault(e));
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory cannot be read: " + e.getMessage(), e);
        }
    }

    private static Validation parse(
            JsonParser parser, boolean regression, BiConsumer<ExampleFields, LabelledExample> rules)
            throws IOException {
        JsonNode root;
        try {
            root = READER.readTree(parser);
        } catch (MismatchedInputException e) {
            // Nothing else can be wrong in a tree that accepts every type.
            return new Rejected(
                    RejectionReason.INVALID_JSON,
                    "value: expected every field once, got " + LogSafe.quoted(parser.currentName()) + " twice");
        }
        if (root == null || root.isMissingNode()) {
            return notOneObject("nothing");
        }
        if (!(root instanceof ObjectNode object)) {
            return notOneObject(ExampleFields.typeOf(root));
        }
        if (parser.nextToken() != null) {
            return notOneObject(
                    "more behind it, " + place(parser.currentTokenLocation().getCharOffset()));
        }
        ExampleFields fields = new ExampleFields(object);
        LabelledExample example = example(fields, regression);
        rules.accept(fields, example);
        return fields.problem().<Validation>map(rejected -> rejected).orElseGet(() -> new Validation.Accepted(example));
    }

    /** Null where a field is missing: the rules say which may be, and an example that breaks them is dropped. */
    @NullUnmarked
    private static LabelledExample example(ExampleFields fields, boolean regression) {
        return new LabelledExample(
                fields.string("id"),
                normalized(fields.string("text")),
                normalized(fields.string("textPair")),
                LabelRules.read(fields, regression),
                fields.instant("eventTime"),
                fields.number("weight"),
                fields.strings("attributes"));
    }

    private static @Nullable String normalized(@Nullable String text) {
        return text == null ? null : TextNormalizer.normalize(text);
    }

    private static Rejected notOneObject(String got) {
        return new Rejected(RejectionReason.INVALID_JSON, "value: expected one JSON object, got " + got);
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

    private static String decode(byte[] value) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(value))
                .toString();
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }
}
