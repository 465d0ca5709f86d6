package io.millrace.app.produce;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

class SentOffsetsTest {

    @Test
    void shouldKnowItsOwnRecordsAmongThoseOfOthers() {
        // Given
        SentOffsets sent = new SentOffsets();
        for (long offset : new long[] {5, 6, 7, 10, 12, 13}) {
            sent.add(1, offset);
        }
        sent.add(3, 0);

        // When / Then
        assertThat(sent.count()).isEqualTo(7);
        assertThat(sent.ends()).isEqualTo(Map.of(1, 14L, 3, 1L));
        for (long offset : new long[] {5, 6, 7, 10, 12, 13}) {
            assertThat(sent.contains(1, offset)).isTrue();
        }
        for (long offset : new long[] {0, 4, 8, 9, 11, 14}) {
            assertThat(sent.contains(1, offset)).isFalse();
        }
        assertThat(sent.contains(2, 5)).isFalse();
        assertThat(sent.contains(3, 0)).isTrue();
    }
}
