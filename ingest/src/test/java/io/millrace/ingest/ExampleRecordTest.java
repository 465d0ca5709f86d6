package io.millrace.ingest;

import static io.millrace.ingest.Tasks.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.Origin;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleRecordTest {

    private static final Origin ORIGIN = new Origin("examples", 7, 123_456_789_012L, 1_769_860_800_000L);

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "{\"id\":\"1\"}", " \n{\n}\r\n", "Caf\u00E9 \u0000"})
    void shouldComeBackByteForByte(String value) {
        // Given
        ExampleRecord record = new ExampleRecord(ORIGIN, bytes(value));

        // When
        byte[] written = ExampleRecord.SERDE.serializer().serialize("t", record);
        ExampleRecord read = ExampleRecord.SERDE.deserializer().deserialize("t", written);

        // Then
        assertThat(read.origin()).isEqualTo(ORIGIN);
        assertThat(read.value()).isEqualTo(bytes(value));
    }

    @Test
    void shouldReadWhatEarlierVersionsHaveLeftOnTheTopic() {
        // Given
        byte[] written = bytes(
                "{\"topic\":\"examples\",\"partition\":7,\"offset\":123456789012,\"timestampMs\":1769860800000}\n{}");

        // When
        ExampleRecord read = ExampleRecord.SERDE.deserializer().deserialize("t", written);

        // Then
        assertThat(read.origin()).isEqualTo(ORIGIN);
        assertThat(ExampleRecord.SERDE.serializer().serialize("t", read)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"id\":\"1\"}", "no json\n{}", "{\"partition\":1}\n{}"})
    void shouldRefuseWhatIngestHasNotWritten(String foreign) {
        // When / Then
        assertThatThrownBy(() -> ExampleRecord.SERDE.deserializer().deserialize("t", bytes(foreign)))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("a record on the internal topic t was not written by ingest: ")
                .hasMessageEndingWith(". Nothing else may write there.");
    }
}
