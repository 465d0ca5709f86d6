package io.millrace.trainer.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.OffsetRange;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class ChainTest {

    private static final CheckpointAnnouncement A = SampleAnnouncement.of("a", null, 0, 10);
    private static final CheckpointAnnouncement B = SampleAnnouncement.of("b", "a", 10, 20);
    private static final CheckpointAnnouncement C = SampleAnnouncement.of("c", "b", 20, 30);

    @Test
    void shouldFindNothingWrongWithRangesThatTile() {
        // When
        Chain chain = Chain.of(List.of(A, B, C));

        // Then
        assertThat(chain.links()).containsExactly(A, B, C);
        assertThat(chain.abandoned()).isEmpty();
        assertThat(chain.faults()).isEmpty();
    }

    @Test
    void shouldOmitTheBranchAbandonedForAnEarlierCheckpoint() {
        // Given
        CheckpointAnnouncement again = SampleAnnouncement.of("b-2", "a", 10, 25);

        // When
        Chain chain = Chain.of(List.of(A, B, C, again));

        // Then
        assertThat(chain.links()).containsExactly(A, again);
        assertThat(chain.abandoned()).containsExactly(B, C);
        assertThat(chain.faults()).isEmpty();
    }

    @Test
    void shouldFindAMissingRange() {
        assertThat(Chain.of(List.of(A, SampleAnnouncement.of("b", "a", 12, 20))).faults())
                .containsExactly("b covers accepted-examples 0:[12, 20): a gap after what its parent covers,"
                        + " accepted-examples 0:[0, 10)");
    }

    @Test
    void shouldFindAnOverlap() {
        assertThat(Chain.of(List.of(A, SampleAnnouncement.of("b", "a", 9, 20))).faults())
                .containsExactly("b covers accepted-examples 0:[9, 20): an overlap with what its parent covers,"
                        + " accepted-examples 0:[0, 10)");
    }

    @Test
    void shouldAcceptAMoveToAnotherPartition() {
        // Given
        CheckpointAnnouncement moved = SampleAnnouncement.of("b", "a", new OffsetRange(4, 0, 7), 7);
        CheckpointAnnouncement after = SampleAnnouncement.of("c", "b", new OffsetRange(4, 7, 9), 2);

        // When / Then
        assertThat(Chain.of(List.of(A, moved, after)).faults()).isEmpty();
    }

    @Test
    void shouldFindAnOverlapAfterAMoveAndAMoveBack() {
        // Given
        CheckpointAnnouncement moved = SampleAnnouncement.of("b", "a", new OffsetRange(4, 0, 7), 7);

        // When / Then
        assertThat(Chain.of(List.of(A, moved, SampleAnnouncement.of("c", "b", 9, 20)))
                        .faults())
                .containsExactly("c covers accepted-examples 0:[9, 20): an overlap with what its parent covers,"
                        + " accepted-examples 0:[0, 10)");
        assertThat(Chain.of(List.of(A, moved, SampleAnnouncement.of("c", "b", 12, 20)))
                        .faults())
                .isEmpty();
    }

    @Test
    void shouldFindAParentThatWasNeverAnnounced() {
        assertThat(Chain.of(List.of(A, SampleAnnouncement.of("c", "b", 20, 30))).faults())
                .containsExactly("c names the parent b, which was never announced");
    }

    @Test
    void shouldFindACircle() {
        assertThat(Chain.of(List.of(SampleAnnouncement.of("a", "b", 0, 10), SampleAnnouncement.of("b", "a", 10, 20)))
                        .faults())
                .contains("b is its own ancestor");
    }

    /** A year of checkpoints every five minutes: with a search per link it would take minutes. */
    @Test
    void shouldFollowALongHistory() {
        // Given
        List<CheckpointAnnouncement> history = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            history.add(SampleAnnouncement.of("c" + i, i == 0 ? null : "c" + (i - 1), 10L * i, 10L * i + 10));
        }
        history.add(SampleAnnouncement.of("again", "c50000", 500_010, 500_020));

        // When
        Chain chain = Chain.of(history);

        // Then
        assertThat(chain.faults()).isEmpty();
        assertThat(chain.links()).hasSize(50_002);
        assertThat(chain.abandoned()).hasSize(49_999);
    }

    @Test
    void shouldFindTheSameCheckpointTwice() {
        assertThat(Chain.of(List.of(A, B, B)).faults()).contains("b was announced twice");
    }
}
