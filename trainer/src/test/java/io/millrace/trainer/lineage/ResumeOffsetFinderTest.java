package io.millrace.trainer.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.OffsetRange;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.checkpoint.CoveredOffset;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.CheckpointConfig.LostOffsets;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.lineage.TaskTopics.Bounds;
import io.millrace.trainer.lineage.TaskTopics.LeftBehind;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The task's newest checkpoint, "b", ends at offset 16 of partition 2. */
class ResumeOffsetFinderTest {

    private static final int HERE = 2;
    private static final List<CheckpointAnnouncement> CHAIN =
            List.of(announced("b", "a", HERE, 8, 16), announced("a", null, HERE, 0, 8));
    private static final LeftBehind NOTHING = new LeftBehind(0, 0, 0, 0);

    @Test
    void shouldResumeWhereTheCheckpointEnded() {
        assertThat(start(0, 40, null).after(CHAIN, true)).isEqualTo(new ResumeOffsets(HERE, 16, 16, 16, null));
    }

    @Test
    void shouldSkipOffsetsKnownToHoldNoExampleOfTheTask() {
        // Given a topic whose offsets without the quiet task retention has removed
        ResumeOffsetFinder start = start(20, 40, new CoveredOffset("b", HERE, 30));

        // When
        ResumeOffsets offsets = start.after(CHAIN, true);

        // Then ranges tile, though the first record to read comes later
        assertThat(offsets).isEqualTo(new ResumeOffsets(HERE, 16, 16, 30, null));
    }

    @Test
    void shouldResumeAtTheEndOfAnEmptiedTopic() {
        assertThat(start(17, 17, new CoveredOffset("b", HERE, 17))
                        .after(CHAIN, true)
                        .read())
                .isEqualTo(17);
    }

    @Test
    void shouldRefuseToSkipExamplesThatRetentionMayHaveRemoved() {
        for (CoveredOffset covered : new CoveredOffset[] {
            null, new CoveredOffset("a", HERE, 30), new CoveredOffset("b", 1, 30), new CoveredOffset(null, HERE, 30)
        }) {
            assertThatThrownBy(() -> start(20, 40, covered).after(CHAIN, true))
                    .as("%s", covered)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "task sentiment: retention has removed the offsets 16 to 20 of accepted-examples, which no"
                                    + " checkpoint covers. To continue without them and record this gap in the lineage, set"
                                    + " tasks.sentiment.training.checkpoints.lostOffsets to continue. Otherwise restore the topic.");
        }
    }

    @Test
    void shouldAlsoRefuseToSkipOffsetsAfterTheCoveredOne() {
        assertThatThrownBy(() -> start(20, 40, new CoveredOffset("b", HERE, 18)).after(CHAIN, true))
                .hasMessageContaining("retention has removed the offsets 18 to 20");
    }

    @Test
    void shouldNotUseTheCoveredOffsetOfANewerCheckpoint() {
        // When the newest checkpoint is damaged
        ResumeOffsets offsets = start(0, 40, new CoveredOffset("b", HERE, 30)).after(CHAIN.subList(1, 2), false);

        // Then
        assertThat(offsets).isEqualTo(new ResumeOffsets(HERE, 8, 8, 8, null));
    }

    @Test
    void shouldRefuseATopicThatEndsBeforeTheCheckpoint() {
        assertThatThrownBy(() -> start(0, 5, null).after(CHAIN, true))
                .hasMessage(
                        "task sentiment: its newest checkpoint ends at offset 16 of partition 2 of accepted-examples,"
                                + " which ends at 5 now: the topic was created again or has lost records. Restore the topic, or start a"
                                + " task of another name.");
    }

    @Test
    void shouldNotTrustACoveredOffsetAfterTheEnd() {
        assertThat(start(0, 20, new CoveredOffset("b", HERE, 30))
                        .after(CHAIN, true)
                        .read())
                .isEqualTo(16);
    }

    @Test
    void shouldMoveToAnotherPartitionIfNothingIsLeftBehind() {
        // Given
        ResumeOffsetFinder start =
                new ResumeOffsetFinder(task(LostOffsets.REFUSE), topics(new Bounds(6, 3, 40), null, NOTHING));

        // When / Then
        assertThat(start.after(CHAIN, true)).isEqualTo(ResumeOffsets.at(6, 3));
    }

    @Test
    void shouldRefuseToLeaveExamplesBehindInAnotherPartition() {
        // Given
        ResumeOffsetFinder start = new ResumeOffsetFinder(
                task(LostOffsets.REFUSE), topics(new Bounds(6, 0, 40), null, new LeftBehind(0, 5, 17, 30)));

        // When / Then
        assertThatThrownBy(() -> start.after(CHAIN, true))
                .hasMessage(
                        "task sentiment: its partition of accepted-examples is 6 now, and was 2, where 5 of its examples"
                                + " at offsets 17 to 30 (not included) are not trained. See \"Adding partitions\" in"
                                + " docs/operations.md. To continue without them and record this gap in the lineage, set"
                                + " tasks.sentiment.training.checkpoints.lostOffsets to continue.");
    }

    @Test
    void shouldRecordTheExamplesThatItIsConfiguredToLeaveBehind() {
        // Given
        ResumeOffsetFinder start = new ResumeOffsetFinder(
                task(LostOffsets.CONTINUE), topics(new Bounds(6, 0, 40), null, new LeftBehind(0, 5, 17, 30)));

        // When / Then
        assertThat(start.after(CHAIN, true)).isEqualTo(new ResumeOffsets(6, 0, 0, 0, new OffsetRange(HERE, 17, 30)));
    }

    @Test
    void shouldNotTrainAgainAfterMovingBackToAPartition() {
        // Given a task that comes back to partition 6
        List<CheckpointAnnouncement> chain = List.of(CHAIN.get(0), announced("a", null, 6, 0, 12));
        ResumeOffsetFinder start =
                new ResumeOffsetFinder(task(LostOffsets.REFUSE), topics(new Bounds(6, 3, 40), null, NOTHING));

        // When / Then
        assertThat(start.after(chain, true)).isEqualTo(ResumeOffsets.at(6, 12));
    }

    @Test
    void shouldStartANewTaskWhereThePartitionBeginsOrItWasReadTo() {
        assertThat(start(7, 40, null).ofNewTask()).isEqualTo(ResumeOffsets.at(HERE, 7));
        assertThat(start(7, 40, new CoveredOffset(null, HERE, 30)).ofNewTask()).isEqualTo(ResumeOffsets.at(HERE, 30));
        assertThat(start(7, 40, new CoveredOffset("b", HERE, 30)).ofNewTask()).isEqualTo(ResumeOffsets.at(HERE, 7));
    }

    private static ResumeOffsetFinder start(long beginning, long end, CoveredOffset covered) {
        return new ResumeOffsetFinder(
                task(LostOffsets.REFUSE), topics(new Bounds(HERE, beginning, end), covered, NOTHING));
    }

    private static TaskTopics topics(Bounds here, CoveredOffset covered, LeftBehind leftBehind) {
        return new TaskTopics(
                List.of(), here, Optional.empty(), Optional.ofNullable(covered), (partition, offset) -> leftBehind);
    }

    private static TrainedTask task(LostOffsets lostOffsets) {
        return Sentiments.task(
                Method.PLAIN, Sentiments.golden("bert"), 1, new CheckpointConfig(2, null, null, lostOffsets));
    }

    private static CheckpointAnnouncement announced(String id, String parent, int partition, long first, long next) {
        return new CheckpointAnnouncement(
                new CheckpointReference("sentiment", id, 1, "sentiment/" + id, "0"),
                parent,
                new OffsetRange(partition, first, next),
                next - first,
                Map.of());
    }
}
