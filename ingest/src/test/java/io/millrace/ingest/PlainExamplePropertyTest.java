package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Origin;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.Topics;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The fast ways in and out of ingest do what those of the JSON library do. */
class PlainExamplePropertyTest {

    private static final List<String> PIECES = List.of(
            "{",
            "}",
            ",",
            ":",
            "\"",
            "\"id\"",
            "\"text\"",
            "\"label\"",
            "\"textPair\"",
            "\"attributes\"",
            "\"other\"",
            "\"a\"",
            "\"\"",
            "null",
            "1",
            " ",
            "\n",
            "\\u0041",
            "\\",
            "\u00e9",
            "\ud83d\ude00",
            "\u0001",
            "\u007f",
            "[",
            "]",
            "\"id\":\"1\"",
            "\"text\":\"a b\"",
            "\"label\":\"l\"",
            "\"attributes\":{\"k\":\"v\"}",
            "\ufffd");

    @Property(seed = "1", tries = 3000)
    void shouldReadWhatTheJsonLibraryReads(@ForAll("values") byte[] value) {
        // When
        LabelledExample plain = PlainExample.read(value);

        // Then
        if (plain != null) {
            assertThat(ExampleJson.read(value, false, (fields, example) -> {}))
                    .isEqualTo(ExampleJson.readAny(value, false, (fields, example) -> {}));
        }
    }

    @Property(seed = "1", tries = 500)
    void shouldWriteWhatTheJsonLibraryWrites(@ForAll("examples") LabelledExample example) {
        // Given
        AcceptedExample accepted = new AcceptedExample(example, new Origin("examples", 3, 1L << 40, -1));

        // When
        byte[] written = new AcceptedJson().serialize("accepted-examples", accepted);

        // Then
        assertThat(written)
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(new String(
                        Topics.ACCEPTED_EXAMPLES.valueSerde().serializer().serialize("accepted-examples", accepted),
                        StandardCharsets.UTF_8));
    }

    @Property(seed = "1", tries = 500)
    void shouldReadWhatItCanBeWrittenAs(@ForAll("examples") LabelledExample example) {
        // Given
        byte[] value = Json.write(example).getBytes(StandardCharsets.UTF_8);

        // Then
        assertThat(ExampleJson.read(value, false, (fields, read) -> {}))
                .isEqualTo(ExampleJson.readAny(value, false, (fields, read) -> {}));
    }

    @Example
    void shouldReadTheUsualForm() {
        // When
        LabelledExample read = PlainExample.read(
                Tasks.bytes(
                        " {\"attributes\" : {\"a\":\"b\"},\n\"id\":\"1\",\"text\":\"caf\u00e9\",\"textPair\":\"p\",\"label\":\"l\"}\n"));

        // Then
        assertThat(read).isEqualTo(new LabelledExample("1", "caf\u00e9", "p", "l", null, null, Map.of("a", "b")));
    }

    @Provide
    Arbitrary<byte[]> values() {
        Arbitrary<String> soup = Arbitraries.of(PIECES).list().ofMaxSize(12).map(pieces -> String.join("", pieces));
        Arbitrary<String> fields = Arbitraries.of(
                        "\"id\":\"1\"",
                        "\"text\":\"a  b\"",
                        "\"label\":\"\u00e9\"",
                        "\"textPair\":\"x\"",
                        "\"attributes\":{\"k\":\"v\",\"l\":\"\"}",
                        "\"attributes\":{}",
                        "\"attributes\":{\"k\":\"v\",\"k\":\"w\"}",
                        "\"attributes\":{\"k\":null}",
                        "\"attributes\":null",
                        "\"weight\":1",
                        "\"text\":null",
                        "\"id\":1",
                        "\"text\":\"tab\\t\"")
                .list()
                .ofMaxSize(5)
                .map(list -> "{" + String.join(" ,\t", list) + "}");
        Arbitrary<byte[]> whole = Arbitraries.oneOf(soup, fields).map(Tasks::bytes);
        Arbitrary<byte[]> broken = Combinators.combine(
                        whole.filter(bytes -> bytes.length > 0),
                        Arbitraries.integers().between(0, 1 << 20),
                        Arbitraries.bytes())
                .as((bytes, at, with) -> {
                    byte[] changed = bytes.clone();
                    changed[at % bytes.length] = with;
                    return changed;
                });
        return Arbitraries.oneOf(whole, broken);
    }

    @Provide
    Arbitrary<LabelledExample> examples() {
        Arbitrary<String> texts = Arbitraries.strings()
                .withChars('a', 'z', ' ', '"', '\\', '/', '\u007f', '\u00e9', '\u2028', '\u0001', '<', '\u4e2d')
                .ofMaxLength(8)
                .map(text -> text + (text.length() == 3 ? "\ud83d\ude00" : ""));
        return Combinators.combine(
                        texts,
                        texts,
                        texts.injectNull(0.7),
                        Arbitraries.doubles().between(0.5, 2).injectNull(0.8),
                        Arbitraries.maps(texts, texts).ofMaxSize(2).injectNull(0.5))
                .as((id, text, pair, weight, attributes) ->
                        new LabelledExample(id, text, pair, text, null, weight, attributes));
    }
}
