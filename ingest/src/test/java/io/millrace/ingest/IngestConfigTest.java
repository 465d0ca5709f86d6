package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;

class IngestConfigTest {

    @Test
    void shouldHaveTheseDefaults() {
        // When
        IngestConfig config = new IngestConfig(null, null, null);

        // Then
        assertThat(config)
                .isEqualTo(new IngestConfig(Path.of("millrace-data", "streams"), Duration.ofHours(24), 1_048_576));
    }

    @Test
    void shouldRefuseAWindowThatIsNotPositive() {
        // When / Then
        assertThatThrownBy(() -> new IngestConfig(null, Duration.ZERO, null))
                .hasMessage("ingest.deduplicationWindow must be a positive duration, got PT0S");
    }

    @Test
    void shouldRefuseALimitThatLetsNothingThrough() {
        // When / Then
        assertThatThrownBy(() -> new IngestConfig(null, null, 0))
                .hasMessage("ingest.maxRecordBytes must be from 1 to 32505856, got 0");
    }
}
