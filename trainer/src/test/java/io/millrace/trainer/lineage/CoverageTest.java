package io.millrace.trainer.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.OffsetRange;
import org.junit.jupiter.api.Test;

import java.util.List;

class CoverageTest {

    private static final List<CheckpointAnnouncement> CHAIN =
            List.of(SampleAnnouncement.of("a", null, 0, 10), SampleAnnouncement.of("b", "a", 10, 20));

    @Test
    void shouldFindNothingWrongWhenEveryExampleWasTrained() {
        // Given 20 examples, and 3 that wait
        Coverage coverage = accepted(23);

        // When
        coverage.check(CHAIN);

        // Then
        assertThat(coverage.faults()).isEmpty();
        assertThat(coverage.covered()).isEqualTo(20);
        assertThat(coverage.waiting(20)).isEqualTo(3);
    }

    @Test
    void shouldCountRecordsThatTheTrainerRejected() {
        // Given a quarantined mini-batch of 4, rejected again after a checkpoint was abandoned
        Coverage coverage = accepted(20);
        for (long offset : new long[] {12, 13, 14, 15, 12, 13, 14, 15}) {
            coverage.rejected(offset);
        }

        // When
        coverage.check(List.of(CHAIN.get(0), SampleAnnouncement.of("b", "a", new OffsetRange(0, 10, 20), 6)));

        // Then
        assertThat(coverage.faults()).isEmpty();
    }

    @Test
    void shouldFindExamplesThatWereNotTrained() {
        // Given
        Coverage coverage = accepted(20);

        // When
        coverage.check(List.of(CHAIN.get(0), SampleAnnouncement.of("b", "a", new OffsetRange(0, 10, 20), 9)));

        // Then
        assertThat(coverage.faults())
                .containsExactly("b: its range [10, 20) holds 10 accepted examples, but 9 were trained and 0 rejected");
    }

    @Test
    void shouldFindExamplesBeforeTheFirstCheckpoint() {
        // Given
        Coverage coverage = accepted(20);

        // When
        coverage.check(List.of(SampleAnnouncement.of("b", null, 10, 20)));

        // Then
        assertThat(coverage.faults())
                .containsExactly("10 accepted examples are before offset 10, where the first checkpoint begins");
    }

    @Test
    void shouldFindAnExampleThatWasTrainedTwice() {
        // Given
        Coverage coverage = accepted(19);
        coverage.accepted(19, "3");

        // When
        coverage.check(CHAIN);

        // Then
        assertThat(coverage.faults())
                .containsExactly("example 3 was trained twice: it was accepted at offsets 3 and 19");
    }

    @Test
    void shouldNotExpectRecordsThatRetentionHasRemoved() {
        // Given
        Coverage coverage = new Coverage();
        for (long offset = 12; offset < 20; offset++) {
            coverage.accepted(offset, Long.toString(offset));
        }
        coverage.beginsAt(12);

        // When
        coverage.check(CHAIN);

        // Then
        assertThat(coverage.faults()).isEmpty();
        assertThat(coverage.covered()).isEqualTo(8);
    }

    @Test
    void shouldFindExamplesThatWereLeftBehindByAMove() {
        // Given
        Coverage coverage = accepted(23);

        // When
        coverage.checkLeft(CHAIN, List.of(new OffsetRange(0, 20, 21)));

        // Then
        assertThat(coverage.faults())
                .containsExactly(
                        "2 accepted examples were left behind in partition 0 when the task moved to another, the"
                                + " first at offset 21");
    }

    @Test
    void shouldAcceptExamplesThatAMoveGaveUp() {
        // Given
        Coverage coverage = accepted(23);

        // When
        coverage.checkLeft(CHAIN, List.of(new OffsetRange(0, 20, 23)));

        // Then
        assertThat(coverage.faults()).isEmpty();
    }

    private static Coverage accepted(long count) {
        Coverage coverage = new Coverage();
        for (long offset = 0; offset < count; offset++) {
            coverage.accepted(offset, Long.toString(offset));
        }
        return coverage;
    }
}
