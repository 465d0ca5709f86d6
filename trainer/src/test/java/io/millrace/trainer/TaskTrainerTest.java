package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.schemas.store.Sha256;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.lineage.Announcements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

class TaskTrainerTest {

    private static final int RANDOM_EVENTS = 120;

    @TempDir
    private Path store;

    private final Announcements announcements = new Announcements();

    @Test
    void shouldWriteACheckpointEverySoManySteps() throws IOException {
        // Given
        try (RunningTask task = start(new CheckpointConfig(2, null, null, null))) {

            // When
            task.feed(0, 22);

            // Then
            assertThat(announcements.all())
                    .extracting(CheckpointAnnouncement::offsets)
                    .containsExactly(offsets(0, 8), offsets(8, 16));
            assertThat(announcements.all())
                    .extracting(CheckpointAnnouncement::parent)
                    .containsExactly(null, "checkpoint-000002");
            assertThat(announcements.last().checkpoint().id()).isEqualTo("checkpoint-000004");
            assertThat(announcements.last().examples()).isEqualTo(8);
            assertThat(announcements.last().produced())
                    .isEqualTo(new CheckpointAnnouncement.Produced(
                            Instant.ofEpochMilli(RunningTask.producedMs(8)),
                            Instant.ofEpochMilli(RunningTask.producedMs(15))));
            assertThat(announcements.last().training())
                    .containsOnlyKeys("taskLoss", "totalLoss", "gradNorm", "prequentialAccuracy");
            assertThat(task.lastManifest().lineage().miniBatches())
                    .containsExactly(
                            new MiniBatchRange(8, 12, 4, Outcome.TRAINED),
                            new MiniBatchRange(12, 16, 4, Outcome.TRAINED));
            assertThat(announcements.last().checkpoint().sha256())
                    .isEqualTo(Sha256.of(store.resolve("sentiment/checkpoint-000004/manifest.json")));
            assertThat(task.run().covered().offset()).isEqualTo(16);
            assertThat(task.run().nextOffset()).isEqualTo(20);
        }
    }

    @Test
    void shouldCountTheExamplesThatLoseTheirEnd() {
        // Given
        LabelledExample one = Sentiments.example(0);
        try (RunningTask task = start(new CheckpointConfig(100, null, null, null))) {

            // When
            for (long offset = 0; offset < 4; offset++) {
                task.accept(
                        offset,
                        new LabelledExample(
                                one.id(), "warm ".repeat(offset == 2 ? 50 : 5), null, one.label(), null, null, null));
            }
            task.advance();

            // Then
            assertThat(task.examples("trained")).isEqualTo(4);
            assertThat(task.truncated()).isEqualTo(1);
        }
    }

    @Test
    void shouldWriteACheckpointAfterSomeTime() {
        // Given
        try (RunningTask task = start(new CheckpointConfig(100, Duration.ofSeconds(20), null, null))) {
            task.feed(0, 5);

            // When / Then
            task.pass(Duration.ofSeconds(19));
            assertThat(announcements.all()).isEmpty();
            task.pass(Duration.ofSeconds(1));
            assertThat(announcements.last().offsets()).isEqualTo(offsets(0, 4));
        }
    }

    @Test
    void shouldTrainAShortMiniBatchOnceTheStreamHasIdled() {
        // Given
        try (RunningTask task = start(new CheckpointConfig(100, Duration.ofHours(1), null, null))) {
            task.feed(0, 7);

            // When / Then
            task.pass(Duration.ofSeconds(29));
            assertThat(announcements.all()).isEmpty();
            task.pass(Duration.ofSeconds(1));
            assertThat(announcements.last().offsets()).isEqualTo(offsets(0, 7));
            assertThat(task.lastManifest().lineage().miniBatches())
                    .containsExactly(
                            new MiniBatchRange(0, 4, 4, Outcome.TRAINED),
                            new MiniBatchRange(4, 7, 3, Outcome.TRAINED_SHORT));
        }
    }

    @Test
    void shouldWriteNothingMoreWhileTheStreamGoesOnIdling() {
        // Given
        try (RunningTask task = start(new CheckpointConfig(100, Duration.ofDays(1), null, null))) {
            task.feed(0, 7);
            task.pass(Duration.ofHours(1));

            // When
            task.pass(Duration.ofHours(1));

            // Then
            assertThat(announcements.all()).hasSize(1);
        }
    }

    @Test
    void shouldQuarantineAMiniBatchThatIsNotFiniteAndContinue() {
        // Given
        try (RunningTask task = start(new CheckpointConfig(3, null, null, null))) {
            // When
            task.feed(0, 4);
            task.feedTooMuch(4, 8);
            task.feed(8, 12);

            // Then
            assertThat(task.lastManifest().lineage().miniBatches())
                    .extracting(MiniBatchRange::outcome)
                    .containsExactly(Outcome.TRAINED, Outcome.QUARANTINED, Outcome.TRAINED);
            assertThat(announcements.last().checkpoint().step()).isEqualTo(2);
            assertThat(announcements.last().examples()).isEqualTo(8);
            assertThat(reasons()).containsExactly("not-finite", "not-finite", "not-finite", "not-finite");
            assertThat(task.examples("quarantined")).isEqualTo(4);
            assertThat(task.examples("trained")).isEqualTo(8);
        }
    }

    @Test
    void shouldGiveACheckpointAnotherNameWhenTheStepStoodStill() {
        // Given
        try (RunningTask task = start(new CheckpointConfig(1, null, null, null))) {
            // When
            task.feed(0, 4);
            task.feedTooMuch(4, 8);

            // Then
            assertThat(announcements.all())
                    .extracting(announcement -> announcement.checkpoint().id())
                    .containsExactly("checkpoint-000001", "checkpoint-000001-2");
            assertThat(task.lastManifest().id()).isEqualTo("checkpoint-000001-2");
        }
    }

    @Test
    void shouldRejectAMalformedRecordWithTheCheckpointThatCoversIt() {
        // Given
        try (RunningTask task = start(new CheckpointConfig(1, null, null, null))) {
            // When
            task.feed(0, 3);
            task.acceptMalformed(3);
            task.accept(4, Sentiments.example(4));
            task.acceptMalformed(5);
            task.advance();

            // Then
            assertThat(announcements.last().offsets()).isEqualTo(offsets(0, 5));
            assertThat(reasons()).containsExactly("invalid-json");
            task.feed(6, 10);
            assertThat(reasons()).containsExactly("invalid-json");
            assertThat(task.examples("malformed")).isEqualTo(2);
        }
    }

    @Test
    void shouldCoverMalformedRecordsOnceTheStreamHasIdled() {
        // Given
        try (RunningTask task = start(new CheckpointConfig(100, Duration.ofDays(1), null, null))) {
            task.acceptMalformed(0);
            task.acceptMalformed(2);

            // When
            task.pass(Duration.ofHours(1));
            task.pass(Duration.ofHours(1));

            // Then
            assertThat(announcements.all()).hasSize(1);
            assertThat(announcements.last().offsets()).isEqualTo(offsets(0, 3));
            assertThat(announcements.last().examples()).isZero();
            assertThat(reasons()).containsExactly("invalid-json", "invalid-json");
        }
        try (RunningTask task = start(new CheckpointConfig(1, null, null, null))) {
            assertThat(task.run().nextOffset()).isEqualTo(3);
        }
    }

    @Test
    void shouldNotHoldMoreThanAThousandMalformedRecords() {
        // Given
        try (RunningTask task = start(new CheckpointConfig(100, Duration.ofDays(1), null, null))) {
            task.feed(0, 1);
            for (int offset = 1; offset < 1_001; offset++) {
                task.acceptMalformed(offset);
            }

            // When
            task.advance();

            // Then
            assertThat(announcements.last().offsets()).isEqualTo(offsets(0, 1_001));
            assertThat(announcements.lastRecords()).hasSize(1_000);
            assertThat(task.lastManifest().lineage().miniBatches())
                    .containsExactly(new MiniBatchRange(0, 1, 1, Outcome.TRAINED_SHORT));
        }
    }

    @Test
    void shouldSkipOffsetsThatACheckpointCovers() {
        // Given
        try (RunningTask task = start(new CheckpointConfig(1, null, null, null), 10)) {
            // When
            task.feed(6, 14);

            // Then
            assertThat(task.accepted()).isEqualTo(4);
            assertThat(announcements.last().offsets()).isEqualTo(offsets(10, 14));
        }
    }

    @Test
    void shouldLeaveWithACheckpointOfTheFullMiniBatches() {
        // Given
        RunningTask task = start(new CheckpointConfig(100, null, null, null));
        task.feed(0, 11);

        // When
        task.run().leave();
        task.run().close();

        // Then
        assertThat(announcements.last().offsets()).isEqualTo(offsets(0, 8));
        assertThat(task.examples("released")).isEqualTo(3);
        assertThat(task.accountedFor()).isEqualTo(task.accepted());
    }

    @Test
    void shouldKeepOnlyTheNewestCheckpoints() {
        // Given
        try (RunningTask task = start(new CheckpointConfig(1, null, 2, null))) {
            // When
            task.feed(0, 16);

            // Then
            assertThat(store.resolve("sentiment"))
                    .isDirectoryContaining("glob:**/checkpoint-000003")
                    .isDirectoryContaining("glob:**/checkpoint-000004")
                    .isDirectoryNotContaining("glob:**/checkpoint-000002")
                    .isDirectoryNotContaining("glob:**/.tmp*");
        }
    }

    @Test
    void shouldAccountForEveryRecordAtAnyTime() {
        for (int seed = 0; seed < 2; seed++) {
            // Given
            Random random = new Random(seed);
            RunningTask task = start(new CheckpointConfig(3, Duration.ofSeconds(40), 2, null));
            long offset = task.run().nextOffset();

            // When / Then
            for (int event = 0; event < RANDOM_EVENTS; event++) {
                switch (random.nextInt(9)) {
                    case 0 -> task.acceptMalformed(offset++);
                    case 1 -> task.pass(Duration.ofSeconds(random.nextInt(35)));
                    case 2 -> task.feedTooMuch(offset, ++offset);
                    case 3 -> offset += random.nextInt(3);
                    case 4 -> task.feed(
                            Math.max(0, task.run().nextOffset() - 3), task.run().nextOffset());
                    default -> task.feed(offset, ++offset);
                }
                assertThat(task.accountedFor())
                        .as("seed %d, event %d", seed, event)
                        .isEqualTo(task.accepted());
            }
            task.run().leave();
            task.run().close();
            assertThat(task.accountedFor()).as("seed %d", seed).isEqualTo(task.accepted());
        }
    }

    private RunningTask start(CheckpointConfig checkpoints) {
        return start(checkpoints, 0);
    }

    private RunningTask start(CheckpointConfig checkpoints, long offset) {
        TrainedTask task = Sentiments.task(Method.PLAIN, Sentiments.golden("bert"), 1, checkpoints);
        return new RunningTask(task, store, announcements, offset);
    }

    private static OffsetRange offsets(long first, long next) {
        return new OffsetRange(RunningTask.PARTITION, first, next);
    }

    private List<String> reasons() {
        return headers(RejectionHeaders.REASON);
    }

    private List<String> headers(String name) {
        return announcements.lastRecords().stream()
                .map(record -> new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8))
                .toList();
    }
}
