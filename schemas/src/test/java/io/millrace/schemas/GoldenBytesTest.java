package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.kafka.JsonSerde;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** What is on a topic stays there: the golden bytes are never edited, a new form of a record adds a file. */
class GoldenBytesTest {

    static Stream<WireExample> examples() {
        return WireExamples.all();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldWriteGoldenBytes(WireExample example) {
        // Given
        String golden = new String(example.goldenBytes(), StandardCharsets.UTF_8);

        // When
        byte[] written = serdeOf(example).serializer().serialize("topic", example.value());

        // Then
        assertThat(new String(written, StandardCharsets.UTF_8)).isEqualTo(golden);
        assertThat(written).isEqualTo(example.goldenBytes());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldReadGoldenBytes(WireExample example) {
        // When
        Record read = serdeOf(example).deserializer().deserialize("topic", example.goldenBytes());

        // Then
        assertThat(read).isEqualTo(example.value());
    }

    @SuppressWarnings("unchecked")
    private static Serde<Record> serdeOf(WireExample example) {
        return new JsonSerde<>((Class<Record>) example.value().getClass());
    }
}
