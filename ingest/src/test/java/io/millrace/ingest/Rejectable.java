package io.millrace.ingest;

import static io.millrace.ingest.Tasks.MAX_TEXT_CHARS;
import static io.millrace.ingest.Tasks.bytes;
import static io.millrace.schemas.RejectionReason.EMPTY_TEXT;
import static io.millrace.schemas.RejectionReason.INVALID_ID;
import static io.millrace.schemas.RejectionReason.INVALID_JSON;
import static io.millrace.schemas.RejectionReason.INVALID_LABEL;
import static io.millrace.schemas.RejectionReason.INVALID_UTF8;
import static io.millrace.schemas.RejectionReason.MISSING_LABEL;
import static io.millrace.schemas.RejectionReason.NULL_VALUE;
import static io.millrace.schemas.RejectionReason.OUT_OF_RANGE;
import static io.millrace.schemas.RejectionReason.TEXT_TOO_LONG;
import static io.millrace.schemas.RejectionReason.TOO_LARGE;
import static io.millrace.schemas.RejectionReason.UNEXPECTED_PAIR;
import static io.millrace.schemas.RejectionReason.UNKNOWN_LABEL;
import static io.millrace.schemas.RejectionReason.UNKNOWN_TASK;
import static io.millrace.schemas.RejectionReason.WRONG_TYPE;

import io.millrace.schemas.RejectionReason;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A record that must be rejected by itself, whatever came before.
 *
 * @param name what is wrong with it
 * @param reason the reason that it must get
 * @param key its key
 * @param value its value
 */
record Rejectable(String name, RejectionReason reason, byte[] key, byte[] value) {

    static final int MAX_RECORD_BYTES = 1 << 20;

    private static final int TEN_MEGABYTES = 10_000_000;
    private static final String GOOD = "\"id\":\"1\",\"text\":\"t\",\"label\":\"translate\"";

    /** At least one for every reason that one record alone can have. */
    static Stream<Rejectable> all() {
        return Stream.of(
                        records(),
                        json(),
                        types(),
                        ids(),
                        texts(),
                        labels(),
                        regressions(),
                        newLabels(),
                        numbers(),
                        attributes())
                .flatMap(cases -> cases);
    }

    private static Stream<Rejectable> records() {
        String good = "{" + GOOD + "}";
        return Stream.of(
                new Rejectable("tombstone", NULL_VALUE, bytes("intent"), null),
                new Rejectable("neither key nor value", NULL_VALUE, null, null),
                new Rejectable("text of 10 MB", TOO_LARGE, bytes("intent"), filled(TEN_MEGABYTES)),
                new Rejectable("one byte too many", TOO_LARGE, bytes("intent"), filled(MAX_RECORD_BYTES + 1)),
                new Rejectable("no key", UNKNOWN_TASK, null, bytes(good)),
                new Rejectable("empty key", UNKNOWN_TASK, new byte[0], bytes(good)),
                new Rejectable("key of no task", UNKNOWN_TASK, bytes("sentiment"), bytes(good)),
                new Rejectable("key in capitals", UNKNOWN_TASK, bytes("Intent"), bytes(good)),
                new Rejectable("key with a zero byte", UNKNOWN_TASK, bytes("intent\0"), bytes(good)),
                new Rejectable("key that is not UTF-8", UNKNOWN_TASK, new byte[] {(byte) 0xFF}, bytes(good)),
                utf8("stray continuation byte", 0x80),
                utf8("overlong slash", 0xC0, 0xAF),
                utf8("surrogate as three bytes", 0xED, 0xA0, 0x80),
                utf8("beyond the last code point", 0xF4, 0x90, 0x80, 0x80),
                utf8("sequence cut short", 0xE2, 0x82),
                intent("half a surrogate pair in text", INVALID_UTF8, "{\"id\":\"1\",\"text\":\"\\ud800\"}"),
                intent("half a surrogate pair in id", INVALID_UTF8, "{\"id\":\"\\udc00\",\"text\":\"t\"}"),
                intent("half a surrogate pair in attributes", INVALID_UTF8, with("\"attributes\":{\"\\ud83d\":\"v\"}")),
                new Rejectable("UTF-16", INVALID_UTF8, bytes("intent"), new byte[] {(byte) 0xFE, (byte) 0xFF, 0, '{'}));
    }

    private static Stream<Rejectable> json() {
        return Stream.of(
                intent("no bytes", INVALID_JSON, ""),
                intent("only whitespace", INVALID_JSON, " \n"),
                intent("not JSON", INVALID_JSON, "book a flight"),
                intent("cut short", INVALID_JSON, "{" + GOOD),
                intent("array", INVALID_JSON, "[{" + GOOD + "}]"),
                intent("JSON null", INVALID_JSON, "null"),
                intent("string", INVALID_JSON, "\"text\""),
                intent("two objects", INVALID_JSON, "{" + GOOD + "}{" + GOOD + "}"),
                intent("something behind it", INVALID_JSON, "{" + GOOD + "} x"),
                intent("single quotes", INVALID_JSON, "{'id':'1'}"),
                intent("comment", INVALID_JSON, "{" + GOOD + "/* */}"),
                intent("trailing comma", INVALID_JSON, "{" + GOOD + ",}"),
                intent("raw line break in a string", INVALID_JSON, "{\"id\":\"1\n\"}"),
                intent("not a number", INVALID_JSON, with("\"weight\":NaN")),
                intent("field twice", INVALID_JSON, with("\"label\":\"book_flight\"")),
                intent("unknown field twice", INVALID_JSON, with("\"more\":1,\"more\":2")),
                intent("attribute twice", INVALID_JSON, with("\"attributes\":{\"a\":\"1\",\"a\":\"2\"}")),
                intent("deep nesting", INVALID_JSON, with("\"more\":" + "[".repeat(100_000))),
                intent("number of 10,000 digits", INVALID_JSON, with("\"weight\":" + "9".repeat(10_000))));
    }

    private static Stream<Rejectable> types() {
        return Stream.of(
                intent("id a number", WRONG_TYPE, "{\"id\":1,\"text\":\"t\",\"label\":\"translate\"}"),
                intent("text an array", WRONG_TYPE, "{\"id\":\"1\",\"text\":[\"t\"],\"label\":\"translate\"}"),
                intent("text an object", WRONG_TYPE, "{\"id\":\"1\",\"text\":{},\"label\":\"translate\"}"),
                intent("text a boolean", WRONG_TYPE, "{\"id\":\"1\",\"text\":true,\"label\":\"translate\"}"),
                intent("label a number", WRONG_TYPE, "{\"id\":\"1\",\"text\":\"t\",\"label\":0}"),
                intent("textPair a number", WRONG_TYPE, with("\"textPair\":2")),
                intent("weight a string", WRONG_TYPE, with("\"weight\":\"1\"")),
                intent("eventTime a number", WRONG_TYPE, with("\"eventTime\":1767225600000")),
                intent("eventTime a date", WRONG_TYPE, with("\"eventTime\":\"2026-01-31\"")),
                intent("eventTime without zone", WRONG_TYPE, with("\"eventTime\":\"2026-01-31T12:00:00\"")),
                intent("eventTime no date", WRONG_TYPE, with("\"eventTime\":\"2026-02-30T12:00:00Z\"")),
                intent("attributes an array", WRONG_TYPE, with("\"attributes\":[]")),
                intent("attribute a number", WRONG_TYPE, with("\"attributes\":{\"a\":1}")),
                intent("attribute null", WRONG_TYPE, with("\"attributes\":{\"a\":null}")),
                intent("attribute an object", WRONG_TYPE, with("\"attributes\":{\"a\":{}}")));
    }

    private static Stream<Rejectable> ids() {
        return Stream.of(
                intent("no id", INVALID_ID, "{\"text\":\"t\",\"label\":\"translate\"}"),
                intent("id null", INVALID_ID, "{\"id\":null,\"text\":\"t\",\"label\":\"translate\"}"),
                intent("id blank", INVALID_ID, "{\"id\":\" \",\"text\":\"t\",\"label\":\"translate\"}"),
                intent("id too long", INVALID_ID, "{\"id\":\"" + "i".repeat(257) + "\",\"text\":\"t\"}"));
    }

    private static Stream<Rejectable> texts() {
        String tooLong = "t".repeat(MAX_TEXT_CHARS + 1);
        return Stream.of(
                intent("no text", EMPTY_TEXT, "{\"id\":\"1\",\"label\":\"translate\"}"),
                intent("text null", EMPTY_TEXT, "{\"id\":\"1\",\"text\":null,\"label\":\"translate\"}"),
                intent("text empty", EMPTY_TEXT, "{\"id\":\"1\",\"text\":\"\",\"label\":\"translate\"}"),
                intent("text of spaces", EMPTY_TEXT, "{\"id\":\"1\",\"text\":\" \\n\\u0000\",\"label\":\"translate\"}"),
                intent(
                        "text of nothing but joiners",
                        EMPTY_TEXT,
                        "{\"id\":\"1\",\"text\":\"\\u200B\\u200D\\uFEFF\",\"label\":\"translate\"}"),
                nli("no textPair", EMPTY_TEXT, "{\"id\":\"1\",\"text\":\"t\",\"label\":\"entailment\"}"),
                nli("textPair empty", EMPTY_TEXT, "{\"id\":\"1\",\"text\":\"t\",\"textPair\":\"\"}"),
                intent("text too long", TEXT_TOO_LONG, "{\"id\":\"1\",\"text\":\"" + tooLong + "\"}"),
                nli(
                        "textPair too long",
                        TEXT_TOO_LONG,
                        "{\"id\":\"1\",\"text\":\"t\",\"textPair\":\"" + tooLong + "\"}"),
                intent("pair for a single-text task", UNEXPECTED_PAIR, with("\"textPair\":\"p\"")));
    }

    private static Stream<Rejectable> labels() {
        return Stream.of(
                intent("no label", MISSING_LABEL, "{\"id\":\"1\",\"text\":\"t\"}"),
                intent("label null", MISSING_LABEL, "{\"id\":\"1\",\"text\":\"t\",\"label\":null}"),
                intent("unknown label", UNKNOWN_LABEL, "{\"id\":\"1\",\"text\":\"t\",\"label\":\"order_pizza\"}"),
                intent("empty label", UNKNOWN_LABEL, "{\"id\":\"1\",\"text\":\"t\",\"label\":\"\"}"),
                intent("label in capitals", UNKNOWN_LABEL, "{\"id\":\"1\",\"text\":\"t\",\"label\":\"Translate\"}"),
                intent(
                        "label of another task",
                        UNKNOWN_LABEL,
                        "{\"id\":\"1\",\"text\":\"t\",\"label\":\"entailment\"}"));
    }

    private static Stream<Rejectable> regressions() {
        return Stream.of(
                labelled("stars", "word for a number", INVALID_LABEL, "\"three\""),
                labelled("stars", "empty number", INVALID_LABEL, "\"\""),
                labelled("stars", "number with a comma", INVALID_LABEL, "\"3,5\""),
                labelled("stars", "no number in words", INVALID_LABEL, "\"NaN\""),
                labelled("stars", "infinity in words", INVALID_LABEL, "\"-Infinity\""),
                labelled("stars", "number beyond all", INVALID_LABEL, "1e400"),
                labelled("stars", "number too great", OUT_OF_RANGE, "1000000.5"),
                labelled("stars", "number too small", OUT_OF_RANGE, "\"-1e7\""),
                labelled("stars", "number in an array", WRONG_TYPE, "[3]"),
                labelled("stars", "boolean for a number", WRONG_TYPE, "true"),
                labelled("stars", "no number", MISSING_LABEL, "null"),
                labelled("similarity", "no textPair beside a number", EMPTY_TEXT, "3"));
    }

    private static Stream<Rejectable> newLabels() {
        return Stream.of(
                labelled("topics", "empty new label", INVALID_LABEL, "\"\""),
                labelled("topics", "blank new label", INVALID_LABEL, "\" \\u2003\""),
                labelled("topics", "new label too long", INVALID_LABEL, "\"" + "l".repeat(257) + "\""),
                labelled("topics", "new label with a line break", INVALID_LABEL, "\"a\\nb\""),
                labelled("topics", "new label with a C1 control", INVALID_LABEL, "\"a\\u0085b\""),
                labelled("topics", "new label with an escape sequence", INVALID_LABEL, "\"\\u001b[2Ja\""),
                labelled("topics", "new label with a line separator", INVALID_LABEL, "\"a\\u2028b\""),
                labelled("topics", "new label that turns the writing around", INVALID_LABEL, "\"\\u202Etrops\""),
                labelled("topics", "new label in an isolate", INVALID_LABEL, "\"\\u2067sport\\u2069\""),
                labelled("topics", "new label of a no-break space", INVALID_LABEL, "\"\\u00A0\""),
                labelled("topics", "new label of nothing but joiners", INVALID_LABEL, "\"\\u200B\\u200D\\uFEFF\""),
                labelled("topics", "new label with half a surrogate pair", INVALID_UTF8, "\"a\\ud800\""),
                labelled("topics", "new label of a megabyte", INVALID_LABEL, "\"" + "l".repeat(1_000_000) + "\""),
                labelled("topics", "new label a number", WRONG_TYPE, "7"));
    }

    private static Rejectable labelled(String task, String name, RejectionReason reason, String label) {
        String value = "{\"id\":\"1\",\"text\":\"t\",\"label\":" + label + "}";
        return new Rejectable(name, reason, bytes(task), bytes(value));
    }

    private static Stream<Rejectable> numbers() {
        return Stream.of("0", "-0.0", "-1", "1000.001", "1e400", "-1e400", "9".repeat(400))
                .map(weight -> intent("weight " + weight, OUT_OF_RANGE, with("\"weight\":" + weight)));
    }

    private static Stream<Rejectable> attributes() {
        String many =
                IntStream.range(0, 65).mapToObj(i -> "\"a" + i + "\":\"\"").collect(Collectors.joining(","));
        return Stream.of(
                intent("too many attributes", OUT_OF_RANGE, with("\"attributes\":{" + many + "}")),
                intent(
                        "attributes too long",
                        OUT_OF_RANGE,
                        with("\"attributes\":{\"a\":\"" + "v".repeat(8192) + "\"}")));
    }

    private static Rejectable intent(String name, RejectionReason reason, String value) {
        return new Rejectable(name, reason, bytes("intent"), bytes(value));
    }

    private static Rejectable nli(String name, RejectionReason reason, String value) {
        return new Rejectable(name, reason, bytes("nli"), bytes(value));
    }

    private static Rejectable utf8(String name, int... sequence) {
        byte[] value = bytes("{" + GOOD + "}" + " ".repeat(sequence.length));
        for (int i = 0; i < sequence.length; i++) {
            value[value.length - sequence.length + i] = (byte) sequence[i];
        }
        return new Rejectable(name, INVALID_UTF8, bytes("intent"), value);
    }

    private static String with(String field) {
        return "{" + GOOD + "," + field + "}";
    }

    private static byte[] filled(int bytes) {
        byte[] value = new byte[bytes];
        Arrays.fill(value, (byte) 'a');
        return value;
    }

    @Override
    public String toString() {
        return name;
    }
}
