package io.millrace.ingest;

import io.millrace.schemas.LabelledExample;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the usual form of an example in one pass over its bytes: an object with {@code id}, {@code text}, {@code textPair}, {@code label} and
 * {@code attributes}, each at most once, whose strings have no escapes. Anything else, faults too, is left to {@link ExampleJson}, which takes
 * several times as long; both read the same.
 */
final class PlainExample {

    /** Longer ones may break limits of the JSON library. */
    private static final int MAX_BYTES = 1 << 20;

    private static final int MAX_NAME_CHARS = 1 << 13;

    private static final char REPLACEMENT = '\uFFFD';

    private final byte[] value;
    private int at;
    private boolean isOther;

    private @Nullable String id;
    private @Nullable String text;
    private @Nullable String textPair;
    private @Nullable String label;
    private @Nullable Map<String, String> attributes;

    private PlainExample(byte[] value) {
        this.value = value;
    }

    /** The example, its texts not normalised and its fields null if they are missing; null if it has another form. */
    static @Nullable LabelledExample read(byte[] value) {
        return value.length > MAX_BYTES ? null : new PlainExample(value).read();
    }

    /** Null where a field is missing, as in {@link ExampleJson}. */
    @NullUnmarked
    private LabelledExample read() {
        readObject(true);
        return isOther || next() != -1 ? null : new LabelledExample(id, text, textPair, label, null, null, attributes);
    }

    /** {@code isWhole}: the example itself, otherwise its attributes. */
    private void readObject(boolean isWhole) {
        take('{');
        do {
            String name = string();
            take(':');
            if (isWhole) {
                readField(name);
            } else {
                readAttribute(name);
            }
        } while (!isOther && takeIf(','));
        take('}');
    }

    private void readField(String name) {
        switch (name) {
            case "id" -> id = once(id);
            case "text" -> text = once(text);
            case "textPair" -> textPair = once(textPair);
            case "label" -> label = once(label);
            case "attributes" -> readAttributes();
            default -> isOther = true;
        }
    }

    private String once(@Nullable String before) {
        isOther |= before != null;
        return string();
    }

    private void readAttributes() {
        isOther |= attributes != null;
        attributes = new LinkedHashMap<>();
        readObject(false);
        attributes = Collections.unmodifiableMap(attributes);
    }

    private void readAttribute(String name) {
        String attribute = string();
        if (attributes != null) {
            isOther |= attributes.put(name, attribute) != null || name.length() > MAX_NAME_CHARS;
        }
    }

    /** The string that comes next; anything if it is of another form. */
    private String string() {
        take('"');
        int from = at;
        int any = 0;
        while (at < value.length && value[at] != '"') {
            byte b = value[at++];
            any |= b;
            if (b == '\\' || (b >= 0 && b < ' ')) {
                isOther = true;
                return "";
            }
        }
        int length = at - from;
        take('"');
        if (isOther) {
            return "";
        }
        if (any >= 0) {
            return new String(value, from, length, StandardCharsets.ISO_8859_1);
        }
        String decoded = new String(value, from, length, StandardCharsets.UTF_8);
        // It was sent, or stands for bytes that are no UTF-8.
        isOther |= decoded.indexOf(REPLACEMENT) >= 0;
        return decoded;
    }

    private void take(char expected) {
        isOther |= !takeIf(expected);
    }

    private boolean takeIf(char expected) {
        if (next() != expected) {
            return false;
        }
        at++;
        return true;
    }

    /** The next byte that is no space; -1 at the end. */
    private int next() {
        while (at < value.length) {
            byte b = value[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                // As a byte of a longer character, it is what nobody expects.
                return b & 0xff;
            }
            at++;
        }
        return -1;
    }
}
