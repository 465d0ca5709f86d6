package io.millrace.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class CloudEventsTest {

    @Test
    void shouldWriteBinaryModeHeaders() {
        // Given
        Instant time = Instant.parse("2026-01-31T12:00:00Z");

        // When
        List<Header> headers = CloudEvents.headers(
                "model-update.promoted", "/evaluator/intent", "model-update/ü", "checkpoint-000120", time);

        // Then
        Map<String, String> byName = new LinkedHashMap<>();
        headers.forEach(header -> byName.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        assertThat(headers).hasSameSizeAs(byName.keySet());
        assertThat(byName)
                .containsExactly(
                        Map.entry("ce_specversion", "1.0"),
                        Map.entry("ce_type", "io.millrace.model-update.promoted"),
                        Map.entry("ce_source", "/evaluator/intent"),
                        Map.entry("ce_id", "model-update/ü"),
                        Map.entry("ce_subject", "checkpoint-000120"),
                        Map.entry("ce_time", "2026-01-31T12:00:00Z"),
                        Map.entry("content-type", "application/json"));
    }
}
