package io.millrace.trainer.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import org.junit.jupiter.api.Test;

import java.util.List;

class RolledBackRangeTest {

    private static final MiniBatchRange FIRST = new MiniBatchRange(10, 20, 8, Outcome.TRAINED, texts(0, 4));
    private static final MiniBatchRange SECOND = new MiniBatchRange(20, 30, 8, Outcome.TRAINED);
    private static final MiniBatchRange THIRD = new MiniBatchRange(30, 38, 4, Outcome.TRAINED_SHORT, texts(4, 9));
    private static final OffsetRange GAP = new OffsetRange(1, 5, 10);

    @Test
    void shouldSplitIntoPiecesThatTile() {
        // When
        List<RolledBackRange> pieces = range().split(12);

        // Then
        assertThat(pieces)
                .containsExactly(
                        new RolledBackRange(new OffsetRange(1, 5, 20), texts(0, 4), GAP, List.of(FIRST)),
                        new RolledBackRange(new OffsetRange(1, 20, 40), texts(4, 12), null, List.of(SECOND, THIRD)));
    }

    @Test
    void shouldNotSplitASmallRange() {
        assertThat(range().split(20)).containsExactly(range());
    }

    @Test
    void shouldNotSplitAMiniBatch() {
        assertThat(range().split(1))
                .extracting(RolledBackRange::miniBatches)
                .containsExactly(List.of(FIRST), List.of(SECOND), List.of(THIRD));
    }

    private static RolledBackRange range() {
        return new RolledBackRange(new OffsetRange(1, 5, 40), texts(0, 12), GAP, List.of(FIRST, SECOND, THIRD));
    }

    private static OffsetRange texts(long first, long next) {
        return new OffsetRange(3, first, next);
    }
}
