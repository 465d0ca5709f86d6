package io.millrace.ingest.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Values that Avro's own writer has encoded. */
class AvroValueTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"long\"|-9223372036854775808",
                "\"int\"|-2147483648",
                "\"boolean\"|true",
                "\"double\"|0.1",
                "\"float\"|0.5",
                "[\"null\",\"string\"]|null",
                "[\"null\",\"string\"]|\"caf\u00E9 \uD83D\uDE00\"",
                "{\"type\":\"array\",\"items\":[\"null\",\"long\"]}|[1,null,-3]",
                "{\"type\":\"map\",\"values\":\"string\"}|{\"a\":\"b\",\"\":\"c\"}"
            })
    void shouldReadWhatAvroHasWritten(String schema, String json) throws Exception {
        // Given
        JsonNode value = StrictJson.read(ByteBuffer.wrap(json.getBytes(UTF_8)), "it");
        Schema parsed = new Schema.Parser().parse(schema);

        // When
        JsonNode read = read(parsed, encoded(parsed, datum(parsed, value)));

        // Then
        assertThat(read).hasToString(value.toString());
    }

    @Test
    void shouldReadNestedRecordsAndEnums() throws Exception {
        // Given
        Schema schema = new Schema.Parser()
                .parse(
                        """
                {"type":"record","name":"R","fields":[
                  {"name":"kind","type":{"type":"enum","name":"K","symbols":["A","B"]}},
                  {"name":"inner","type":["null",{"type":"record","name":"I","fields":[{"name":"n","type":"int"}]}]}]}""");
        GenericData.Record inner = new GenericData.Record(
                schema.getField("inner").schema().getTypes().get(1));
        inner.put("n", 5);
        GenericData.Record record = new GenericData.Record(schema);
        record.put("kind", new GenericData.EnumSymbol(schema.getField("kind").schema(), "B"));
        record.put("inner", inner);

        // When
        JsonNode read = read(schema, encoded(schema, record));

        // Then
        assertThat(read).hasToString("{\"kind\":\"B\",\"inner\":{\"n\":5}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "long|timestamp-millis|1769860800123|\"2026-01-31T12:00:00.123Z\"",
                "long|timestamp-micros|-1|\"1969-12-31T23:59:59.999999Z\"",
                "long|timestamp-nanos|1|\"1970-01-01T00:00:00.000000001Z\"",
                "long|local-timestamp-millis|5|5",
                "int|date|-1|\"1969-12-31\"",
                "int|time-millis|5|5"
            })
    void shouldReadTimesAndDates(String type, String logicalType, long value, String json) throws Exception {
        // Given
        Schema schema =
                new Schema.Parser().parse("{\"type\":\"%s\",\"logicalType\":\"%s\"}".formatted(type, logicalType));

        // When
        JsonNode read = read(schema, encoded(schema, type.equals("int") ? (Object) (int) value : (Object) value));

        // Then
        assertThat(read).hasToString(json);
    }

    @Test
    void shouldReadDecimalsAndOtherBytes() throws Exception {
        // Given
        Schema decimal = new Schema.Parser()
                .parse("{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}");
        Schema fixed = Schema.createFixed("F", null, null, 3);
        Schema uuid =
                new Schema.Parser().parse("{\"type\":\"fixed\",\"size\":16,\"name\":\"U\",\"logicalType\":\"uuid\"}");

        // Then
        assertThat(read(
                        decimal,
                        encoded(
                                decimal,
                                ByteBuffer.wrap(BigDecimal.valueOf(-1250, 2)
                                        .unscaledValue()
                                        .toByteArray()))))
                .hasToString("-12.50");
        assertThat(read(fixed, new byte[] {1, 2, 3})).hasToString("\"AQID\"");
        assertThat(read(uuid, new byte[16])).hasToString("\"00000000-0000-0000-0000-000000000000\"");
    }

    @Test
    void shouldReadWhatJsonHasNoNumberForAsWords() throws Exception {
        Schema schema = Schema.create(Schema.Type.DOUBLE);
        assertThat(read(schema, encoded(schema, Double.NaN))).hasToString("\"NaN\"");
        assertThat(read(schema, encoded(schema, Double.NEGATIVE_INFINITY))).hasToString("\"-Infinity\"");
    }

    /** A schema, bytes that Avro never writes for it, and a piece of the message. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"string\"||1 more bytes",
                "\"string\"|FEFFFFFF0F|2147483647 more bytes",
                "\"bytes\"|03|-2 more bytes",
                "\"string\"|02FF|UTF-8",
                "\"long\"|FFFFFFFFFFFFFFFFFFFFFF|at most 10 bytes",
                "\"int\"|FEFFFFFF1F|32 bits",
                "\"boolean\"|02|0 or 1",
                "\"int\"|0000|the end of the value",
                "[\"null\",\"int\"]|04|branch of a union below 2",
                "{\"type\":\"array\",\"items\":\"null\"}|FEFFFFFF0F|items without content",
                "{\"type\":\"array\",\"items\":\"long\"}|FEFFFFFF0F00|1 more bytes",
                "{\"type\":\"array\",\"items\":\"null\"}|FFFFFFFFFFFFFFFFFF0100|a number of items",
                "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\"]}|01|symbol of an enum below 1",
                "{\"type\":\"record\",\"name\":\"L\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"L\"]}]}|0202020202020202020202020202020202020202020202020202020202020202020202020200|at most 32 levels"
            })
    void shouldRefuseWhatDoesNotFitTheSchema(String schema, String hex, String message) {
        byte[] bytes = HexFormat.of().parseHex(hex == null ? "" : hex);
        assertThatThrownBy(() -> read(new Schema.Parser().parse(schema), bytes))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldRefuseEveryBeginningOfAValue() throws Exception {
        // Given
        Schema schema = new Schema.Parser().parse("{\"type\":\"map\",\"values\":\"string\"}");
        byte[] whole = encoded(schema, Map.of("key", "value"));

        // Then
        for (int length = 0; length < whole.length; length++) {
            byte[] beginning = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(schema, beginning)).isInstanceOf(UndecodableException.class);
        }
    }

    private static JsonNode read(Schema schema, byte[] bytes) throws UndecodableException {
        return AvroValue.read(schema, ByteBuffer.wrap(bytes));
    }

    private static byte[] encoded(Schema schema, Object datum) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(schema).write(datum, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    private static Object datum(Schema schema, JsonNode value) {
        return switch (schema.getType()) {
            case INT -> value.intValue();
            case LONG -> value.longValue();
            case FLOAT -> value.floatValue();
            case DOUBLE -> value.doubleValue();
            case BOOLEAN -> value.booleanValue();
            case UNION -> value.isNull() ? null : datum(schema.getTypes().get(1), value);
            case ARRAY -> value.valueStream()
                    .map(item -> datum(schema.getElementType(), item))
                    .collect(Collectors.toCollection(ArrayList::new));
            case MAP -> {
                Map<String, Object> map = new LinkedHashMap<>();
                value.properties()
                        .forEach(entry ->
                                map.put(entry.getKey(), entry.getValue().textValue()));
                yield map;
            }
            default -> value.textValue();
        };
    }
}
