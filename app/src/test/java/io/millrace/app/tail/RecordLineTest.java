package io.millrace.app.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.RejectionHeaders;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

class RecordLineTest {

    private static final Path GOLDEN =
            Path.of(System.getProperty("millrace.root"), "schemas/src/test/resources/golden/v1");

    @ParameterizedTest
    @CsvSource({
        "examples, labelled-example",
        "texts, unlabelled-text",
        "probes, probe-example",
        "accepted-examples, accepted-example",
        "checkpoints, checkpoint-announcement",
        "evaluations, checkpoint-evaluation",
        "drift, drift-event",
        "model-updates, model-update",
        "model-requests, model-request",
        "request-outcomes, request-outcome",
        "task-histories, task-history-snapshot"
    })
    void shouldShowTheFieldsOfEveryRecord(String topic, String type) throws IOException {
        // Given
        byte[] value = Files.readAllBytes(GOLDEN.resolve(type).resolve("full.json"));

        // When
        String line = RecordLine.of(topic, TailedRecord.of(record(topic, value, new RecordHeaders())));

        // Then
        assertThat(line).startsWith("1970-01-01T00:00:01Z  3@7  mood  ").doesNotContain("{", "\n");
    }

    @Test
    void shouldShowWhyARecordWasRejectedAndWhatIsNotJson() {
        // Given
        RecordHeaders headers = new RecordHeaders();
        headers.add(RejectionHeaders.REASON, "invalid-json".getBytes(StandardCharsets.UTF_8));
        headers.add(RejectionHeaders.MESSAGE, "expected one JSON object".getBytes(StandardCharsets.UTF_8));

        // When
        String line = RecordLine.of(
                "rejected-examples",
                TailedRecord.of(record("rejected-examples", "{oops\u0007".getBytes(StandardCharsets.UTF_8), headers)));

        // Then
        assertThat(line)
                .isEqualTo("1970-01-01T00:00:01Z  3@7  mood  invalid-json  expected one JSON object  {oops\\u0007");
    }

    @Test
    void shouldKeepBytesThatAreNoText() {
        // When
        TailedRecord record = TailedRecord.of(record("examples", new byte[] {(byte) 0xff}, new RecordHeaders()));

        // Then
        assertThat(Json.write(record))
                .isEqualTo("{\"topic\":\"examples\",\"partition\":3,\"offset\":7,\"time\":\"1970-01-01T00:00:01Z\","
                        + "\"key\":\"mood\",\"headers\":{},\"base64\":\"/w==\"}");
    }

    private static ConsumerRecord<String, byte[]> record(String topic, byte[] value, RecordHeaders headers) {
        return new ConsumerRecord<>(
                topic,
                3,
                7,
                1000,
                TimestampType.CREATE_TIME,
                4,
                value.length,
                "mood",
                value,
                headers,
                Optional.empty());
    }
}
