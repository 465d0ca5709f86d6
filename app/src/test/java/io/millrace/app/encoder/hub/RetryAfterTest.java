package io.millrace.app.encoder.hub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            Retry-After | 120 | 120
            Retry-After | Thu, 01 Jan 2026 12:00:30 GMT | 30
            Retry-After | Thu, 01 Jan 2026 11:00:00 GMT | 0
            Retry-After | soon |
            RateLimit | "resolvers";r=0;t=55 | 55
            RateLimit | "resolvers";r=0 |
            """)
    void shouldReadWhatTheAnswerAsksFor(String header, String value, Long seconds) {
        // When
        var wait = RetryAfter.of(HttpHeaders.of(Map.of(header, List.of(value)), (name, text) -> true), NOW);

        // Then
        assertThat(wait.map(Duration::toSeconds).orElse(null)).isEqualTo(seconds);
    }
}
