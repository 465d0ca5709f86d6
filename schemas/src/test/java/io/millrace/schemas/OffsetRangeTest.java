package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OffsetRangeTest {

    @Test
    void shouldAllowEmptyRange() {
        assertThat(new OffsetRange(0, 5, 5).next()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"-1,0,0", "0,-1,0", "0,2,1"})
    void shouldRejectRangeThatCannotBe(int partition, long first, long next) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OffsetRange(partition, first, next))
                .withMessage("an offset range needs partition >= 0 and 0 <= first <= next, got " + partition + ":["
                        + first + ", " + next + ")");
    }

    @Test
    void shouldCoverBothRangesAndTheGapBetween() {
        // Given
        OffsetRange earlier = new OffsetRange(1, 0, 10);
        OffsetRange later = new OffsetRange(1, 12, 20);

        // When
        OffsetRange joined = earlier.through(later);

        // Then
        assertThat(joined).isEqualTo(new OffsetRange(1, 0, 20)).isEqualTo(later.through(earlier));
    }

    @Test
    void shouldRejectJoinAcrossPartitions() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OffsetRange(1, 0, 10).through(new OffsetRange(2, 10, 20)))
                .withMessage("cannot join ranges of partitions 1 and 2");
    }
}
