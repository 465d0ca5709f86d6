package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.OffsetRange;
import io.millrace.trainer.checkpoint.CoveredOffset;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.lineage.Announcements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** A task whose partition holds more than its own records. */
class TaskTrainerProgressTest {

    @TempDir
    private Path store;

    private final Announcements announcements = new Announcements();

    @Test
    void shouldTrainTheLastExamplesOfAQuietTaskBesideOneThatIsAlwaysBehind() {
        // Given
        try (RunningTask task = start(new CheckpointConfig(100, Duration.ofHours(1), null, null))) {
            task.feed(0, 7);

            // When the partition is read on for half a minute, and never to its end
            task.passBehind(Duration.ofSeconds(29), 500);
            int before = announcements.all().size();
            task.passBehind(Duration.ofSeconds(1), 1_000);

            // Then
            assertThat(before).isZero();
            assertThat(announcements.last().offsets()).isEqualTo(offsets(0, 7));
        }
    }

    @Test
    void shouldNotTakeAPartitionThatCannotBeReadForSilence() {
        // Given
        try (RunningTask task = start(new CheckpointConfig(100, Duration.ofHours(1), null, null))) {
            task.feed(0, 7);
            task.passBehind(Duration.ofSeconds(1), 500);

            // When nothing is read, though something is there
            task.passBehind(Duration.ofHours(1), 500);

            // Then
            assertThat(announcements.all()).isEmpty();
        }
    }

    @Test
    void shouldCoverOffsetsWithoutRecordsOfAQuietTask() {
        // Given
        try (RunningTask task = start(new CheckpointConfig(2, null, null, null))) {
            task.feed(0, 8);

            // When
            task.run().readTo(500);
            CoveredOffset quiet = task.run().covered();
            task.feed(600, 602);
            task.run().readTo(700);
            CoveredOffset waiting = task.run().covered();
            task.feed(700, 706);

            // Then
            assertThat(quiet).isEqualTo(new CoveredOffset("checkpoint-000002", RunningTask.PARTITION, 500));
            assertThat(waiting).isEqualTo(quiet);
            assertThat(announcements.last().offsets()).isEqualTo(offsets(8, 706));
            assertThat(task.run().covered())
                    .isEqualTo(new CoveredOffset("checkpoint-000004", RunningTask.PARTITION, 706));
        }
    }

    private RunningTask start(CheckpointConfig checkpoints) {
        return new RunningTask(
                Sentiments.task(Method.PLAIN, Sentiments.golden("bert"), 1, checkpoints), store, announcements, 0);
    }

    private static OffsetRange offsets(long first, long next) {
        return new OffsetRange(RunningTask.PARTITION, first, next);
    }
}
