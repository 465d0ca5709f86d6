package io.millrace.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.json.Json;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

class JsonSerdeTest {

    private static final JsonSerde<OffsetRange> SERDE = new JsonSerde<>(OffsetRange.class);

    private static OffsetRange read(String json) {
        return SERDE.deserializer().deserialize("a-topic", json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldKeepTombstone() {
        // When
        byte[] written = SERDE.serializer().serialize("a-topic", null);
        OffsetRange read = SERDE.deserializer().deserialize("a-topic", null);

        // Then
        assertThat(written).isNull();
        assertThat(read).isNull();
    }

    @Test
    void shouldIgnoreFieldOfNewerWriter() {
        // When
        OffsetRange read = read("{\"partition\":1,\"first\":2,\"next\":3,\"later\":{\"deep\":[1]}}");

        // Then
        assertThat(read).isEqualTo(new OffsetRange(1, 2, 3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            ``                                         | No content to map due to end-of-input
            null                                       | the value is JSON null
            []                                         | from Array value
            {"partition":1                             | Unexpected end-of-input
            partition                                  | Unrecognized token 'partition'
            {"partition":1,"first":2,"next":3} {}      | Trailing token
            {"partition":"x","first":2,"next":3}       | not a valid `int` value, at partition
            {"partition":3000000000,"first":2,"next":3}| out of range of int (-2147483648 - 2147483647), at partition
            {"partition":1,"first":2}                  | Cannot map `null` into type `long`
            {"partition":1,"first":2,"next":1}         | 0 <= first <= next, got 1:[2, 1)
            """)
    void shouldNameTopicTypeAndFaultOfMalformedRecord(String json, String fault) {
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> read(json))
                .withMessageStartingWith("record on topic a-topic is not a OffsetRange: ")
                .withMessageContaining(fault)
                .withMessageNotContaining("\n");
    }

    @Test
    void shouldNamePlaceOfFault() {
        // Given
        byte[] json = "{\"checkpoint\":{\"task\":\"intent\",\"step\":\"many\"}}".getBytes(StandardCharsets.UTF_8);
        JsonSerde<CheckpointEvaluation> serde = new JsonSerde<>(CheckpointEvaluation.class);

        // When / Then
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> serde.deserializer().deserialize("evaluations", json))
                .withMessageEndingWith(", at checkpoint.step");
    }

    @Test
    void shouldRefuseBytesThatAreNotUtf8() {
        // Given
        byte[] latin1 = "{\"id\":\"1\",\"text\":\"Zürich\"}".getBytes(StandardCharsets.ISO_8859_1);
        JsonSerde<UnlabelledText> serde = new JsonSerde<>(UnlabelledText.class);

        // When / Then
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> serde.deserializer().deserialize("texts", latin1))
                .withMessageContaining("Invalid UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32"})
    void shouldRefuseAnyOtherEncoding(String charset) {
        // Given
        byte[] json = "{\"partition\":1,\"first\":2,\"next\":3}".getBytes(Charset.forName(charset));

        // When / Then
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> SERDE.deserializer().deserialize("a-topic", json));
    }

    @Test
    void shouldReadBehindAByteOrderMark() {
        assertThat(read("\uFEFF{\"partition\":1,\"first\":2,\"next\":3}")).isEqualTo(new OffsetRange(1, 2, 3));
    }

    @Test
    void shouldReadARecordWhateverNamesCameBefore() {
        // Given
        List<String> names = new ArrayList<>();
        permute("prefixprefix", "aaaabbbbccccddddeeeeffffgggg", names);

        for (int from = 0; from + 100 <= names.size(); from += 100) {
            // When
            String json = names.subList(from, from + 100).stream()
                    .map(name -> "\"" + name + "\":0,")
                    .collect(Collectors.joining("", "{", "\"partition\":1,\"first\":2,\"next\":3}"));

            // Then
            assertThat(read(json)).as("names from %d", from).isEqualTo(new OffsetRange(1, 2, 3));
        }
    }

    @Test
    void shouldRefuseNestingWithoutExhaustingTheStack() {
        // Given
        int depth = 1_000_000;
        String deep = "{\"later\":" + "[".repeat(depth) + "]".repeat(depth) + "}";

        // When / Then
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> read(deep))
                .withMessageContaining("nesting depth (33) exceeds the maximum allowed (32");
    }

    /** Jackson hashes a name's bytes by fours, and those from the fourth four on in any order alike. */
    private static void permute(String prefix, String fours, List<String> names) {
        if (fours.isEmpty()) {
            names.add(prefix);
        }
        for (int i = 0; i < fours.length(); i += 4) {
            permute(prefix + fours.substring(i, i + 4), fours.substring(0, i) + fours.substring(i + 4), names);
        }
    }

    @Test
    void shouldLeaveOutWhatIsAbsent() {
        // Given
        LabelledExample example = new LabelledExample("1", "a", null, "b", null, null, null);

        // When
        String json = Json.write(example);

        // Then
        assertThat(json).isEqualTo("{\"id\":\"1\",\"text\":\"a\",\"label\":\"b\"}");
    }
}
