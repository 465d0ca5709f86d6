package io.millrace.schemas.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Origin;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.kafka.RejectedRecords.Raw;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

class RejectedRecordsTest {

    private static final int MAX_BYTES = 20_000;
    private static final Origin ORIGIN = new Origin("examples", 3, 42, 1);

    private final RejectedRecords rejectedRecords = new RejectedRecords(MAX_BYTES);

    @ParameterizedTest
    @CsvSource({
        "10, 17000, 0, false",
        "10, 20000, 0, true",
        "10, 10000000, 0, true",
        "30000, 10, 0, true",
        "500, 10, 30000, true",
        "30000, 10000000, 30000, true",
        "-1, 10000000, 30000, true",
        "10, -1, 30000, true"
    })
    void shouldAlwaysFitIntoTheTopic(int keyBytes, int valueBytes, int headerBytes, boolean cut) {
        // Given
        Headers headers = new RecordHeaders().add("n\u00E4me", new byte[headerBytes]);

        // When
        Raw record = rejectedRecords.of(
                record(keyBytes, valueBytes, headers), ORIGIN, RejectionReason.TOO_LARGE, "\u20AC".repeat(10_000));

        // Then
        assertThat(size(record)).isLessThanOrEqualTo(MAX_BYTES);
        assertThat(text(record, RejectionHeaders.MESSAGE).contains("cut:")).isEqualTo(cut);
        assertThat(text(record, RejectionHeaders.OFFSET)).isEqualTo("42");
    }

    @Test
    void shouldKeepTheBeginningOfARecordThatDoesNotFit() {
        // When
        Raw record = rejected(record(10, 1_000_000, new RecordHeaders()));

        // Then
        assertThat(record.key()).isEqualTo(filled(10));
        assertThat(record.value()).hasSizeGreaterThan(MAX_BYTES - 1000).containsOnly('a');
    }

    @Test
    void shouldBringTheMessageToOneLine() {
        // Given
        String detail = "got \"a\r\nreason: forged\u0000\u001B[31m\"";

        // When
        Raw record =
                rejectedRecords.of(record(10, 10, new RecordHeaders()), ORIGIN, RejectionReason.UNKNOWN_LABEL, detail);

        // Then
        assertThat(text(record, RejectionHeaders.MESSAGE))
                .isEqualTo("got \"a\\u000D\\u000Areason: forged\\u0000\\u001B[31m\"");
    }

    @ParameterizedTest
    @CsvSource({"4711, mood, mood", "mood, mood,", "4711,,"})
    void shouldNameTheTaskWhereTheKeyDoesNot(String key, String task, String named) {
        // When
        Raw record = rejectedRecords.of(
                new Raw(key.getBytes(UTF_8), filled(3), new RecordHeaders()),
                task == null ? null : task.getBytes(UTF_8),
                ORIGIN,
                RejectionReason.INVALID_JSON,
                "cut short");

        // Then
        Header header = record.headers().lastHeader(RejectionHeaders.TASK);
        assertThat(header == null ? null : new String(header.value(), UTF_8)).isEqualTo(named);
        assertThat(RejectedRecords.taskOf(key, record.headers())).isEqualTo(task == null ? key : task);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                RejectionHeaders.REASON,
                "millrace.model",
                "Millrace.Reason",
                RejectionHeaders.OFFSET,
                "__streams.errors.exception",
                "__STREAMS.ERRORS.MESSAGE",
                "ce_type",
                "ce_specversion",
                "CE_ID"
            })
    void shouldNotPassAHeaderOnThatSpeaksInTheNameOfOthers(String name) {
        // Given
        Headers headers =
                new RecordHeaders().add(name, filled(6)).add("trace", filled(6)).add(name, filled(7));

        // When
        Raw record = rejected(record(10, 10, headers));

        // Then
        assertThat(record.headers())
                .extracting(Header::key)
                .containsExactly(
                        "trace",
                        RejectionHeaders.REASON,
                        RejectionHeaders.MESSAGE,
                        RejectionHeaders.TOPIC,
                        RejectionHeaders.PARTITION,
                        RejectionHeaders.OFFSET);
        assertThat(text(record, RejectionHeaders.REASON)).isEqualTo("too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "reason", "millrace", "xmillrace.reason", "ce-type", "content-type", "traceparent"})
    void shouldPassAnyOtherHeaderOn(String name) {
        // Given
        Headers headers = new RecordHeaders().add(name, null).add(name, filled(3));

        // When
        Raw record = rejected(record(10, 10, headers));

        // Then
        assertThat(record.headers().headers(name)).extracting(Header::value).containsExactly(null, filled(3));
    }

    @Test
    void shouldCutARecordWithAMillionHeaders() {
        // Given as many as a record of 16 MiB can hold; taking them out one after the other would take minutes
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < 500_000; i++) {
            headers.add(RejectionHeaders.REASON, null).add("h", null);
        }

        // When
        Raw record = rejected(record(10, 10, headers));

        // Then
        assertThat(record.headers()).hasSize(5);
        assertThat(size(record)).isLessThanOrEqualTo(MAX_BYTES);
    }

    private Raw rejected(Raw record) {
        return rejectedRecords.of(record, ORIGIN, RejectionReason.TOO_LARGE, "value: too long");
    }

    private static Raw record(int keyBytes, int valueBytes, Headers headers) {
        return new Raw(filled(keyBytes), filled(valueBytes), headers);
    }

    /** As the producer reckons before it sends. */
    private static int size(Raw record) {
        Header[] headers = record.headers().toArray();
        return AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE, CompressionType.NONE, record.key(), record.value(), headers);
    }

    private static String text(Raw record, String header) {
        return new String(record.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
    }

    private static byte[] filled(int bytes) {
        if (bytes < 0) {
            return null;
        }
        byte[] filled = new byte[bytes];
        Arrays.fill(filled, (byte) 'a');
        return filled;
    }
}
