package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.lineage.Announcements;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** A task that reads unlabelled texts beside its examples: as many of them. */
class TaskTrainerTextsTest {

    private static final int RANDOM_EVENTS = 80;

    @TempDir
    private Path store;

    private final Announcements announcements = new Announcements();

    @Test
    void shouldTrainTextsBesideTheExamplesAndSayWhich() {
        // Given
        try (RunningTask task = start(2)) {
            task.feedTexts(0, 10);

            // When
            task.feed(0, 8);

            // Then
            assertThat(announcements.last().texts()).isEqualTo(offsets(0, 8));
            assertThat(announcements.last().examples()).as("labelled ones").isEqualTo(8);
            assertThat(announcements.last().training()).containsKeys("taskLoss", "unlabelledLoss");
            assertThat(task.lastManifest().lineage().texts()).isEqualTo(offsets(0, 8));
            assertThat(task.lastManifest().lineage().miniBatches())
                    .containsExactly(
                            new MiniBatchRange(0, 4, 4, Outcome.TRAINED, offsets(0, 4)),
                            new MiniBatchRange(4, 8, 4, Outcome.TRAINED, offsets(4, 8)));
        }
    }

    @Test
    void shouldWaitForTextsThatAreThereButNotReadYet() {
        // Given
        try (RunningTask task = start(1)) {
            task.feedTexts(0, 3);

            // When
            task.feed(0, 4);

            // Then
            assertThat(announcements.all()).isEmpty();
            task.feedTexts(3, 4);
            task.advance();
            assertThat(announcements.last().texts()).isEqualTo(offsets(0, 4));
        }
    }

    @Test
    void shouldSayHowManyExamplesWaitForTexts() {
        // Given
        try (RunningTask task = start(1)) {
            task.feedTexts(0, 3);

            // When
            task.feed(0, 3);
            int few = task.run().waitingForTexts();
            task.feed(3, 60);
            int many = task.run().waitingForTexts();
            task.run().texts().atEnd(true);

            // Then
            assertThat(few).isZero();
            assertThat(many).isEqualTo(60);
            assertThat(task.run().waitingForTexts()).isZero();
        }
    }

    @Test
    void shouldContinueWithoutTextsWhenThereAreNoMore() {
        // Given
        try (RunningTask task = start(1)) {
            task.feedTexts(0, 2);
            task.run().texts().atEnd(true);

            // When
            task.feed(0, 8);

            // Then
            assertThat(announcements.all())
                    .extracting(announcement -> announcement.texts())
                    .containsExactly(offsets(0, 2), offsets(2, 2));
            assertThat(task.lastManifest().lineage().miniBatches())
                    .containsExactly(new MiniBatchRange(4, 8, 4, Outcome.TRAINED));
            assertThat(announcements.last().training()).doesNotContainKey("unlabelledLoss");
        }
    }

    @Test
    void shouldResumeAfterTheTextsThatACheckpointCovers() {
        // Given
        try (RunningTask task = start(1)) {
            task.feedTexts(0, 7);
            task.feed(0, 4);
        }

        // When
        try (RunningTask task = start(1)) {
            long readOffset = task.run().texts().readOffset();
            task.feedTexts(2, 8);
            task.feed(4, 8);

            // Then
            assertThat(readOffset).isEqualTo(4);
            assertThat(task.textsRead()).isEqualTo(4);
            assertThat(announcements.last().texts()).isEqualTo(offsets(4, 8));
        }
    }

    @Test
    void shouldRejectAMalformedTextWithTheCheckpointThatCoversIt() {
        // Given
        try (RunningTask task = start(1)) {
            task.feedTexts(0, 2);
            task.acceptMalformedText(2);
            task.feedTexts(3, 5);
            task.acceptMalformedText(5);

            // When
            task.feed(0, 4);

            // Then
            assertThat(announcements.last().texts()).isEqualTo(offsets(0, 5));
            assertThat(header(RejectionHeaders.TOPIC)).containsExactly("texts");
            assertThat(header(RejectionHeaders.OFFSET)).containsExactly("2");
            assertThat(header(RejectionHeaders.REASON)).containsExactly("invalid-json");
            task.feedTexts(6, 10);
            task.feed(4, 8);
            assertThat(header(RejectionHeaders.OFFSET)).containsExactly("5");
        }
    }

    @Test
    void shouldWriteNothingMoreWhileAMalformedTextWaitsBehindOthers() {
        // Given a text that no example has come for, and a malformed one after it
        try (RunningTask task = start(100)) {
            task.feedTexts(0, 5);
            task.acceptMalformedText(5);
            task.feed(0, 4);

            // When
            task.pass(Duration.ofHours(1));
            int written = announcements.all().size();
            task.pass(Duration.ofMinutes(1));
            task.pass(Duration.ofMinutes(1));

            // Then
            assertThat(announcements.all()).hasSize(written);
            assertThat(announcements.last().texts()).isEqualTo(offsets(0, 4));
            assertThat(announcements.lastRecords()).isEmpty();
        }
    }

    @Test
    void shouldNotTakeTheWaitForTextsForSilence() {
        // Given half a mini-batch, and texts that are known to be there but are not read yet
        try (RunningTask task = start(100)) {
            task.feed(0, 2);
            task.run().texts().atEnd(false);

            // When
            task.pass(Duration.ofHours(1));

            // Then
            assertThat(announcements.all()).isEmpty();
        }
    }

    @Test
    void shouldCoverMalformedTextsOnceTheStreamHasIdled() {
        // Given
        try (RunningTask task = start(100)) {
            task.acceptMalformedText(0);
            task.acceptMalformedText(1);
            task.run().texts().atEnd(true);

            // When
            task.pass(Duration.ofHours(1));

            // Then
            assertThat(announcements.last().texts()).isEqualTo(offsets(0, 2));
            assertThat(header(RejectionHeaders.OFFSET)).containsExactly("0", "1");
        }
    }

    @Test
    void shouldContinueHoweverManyMalformedTextsArriveAtOnce() {
        // Given fewer texts than a mini-batch waits for, and a thousand malformed ones after them
        try (RunningTask task = start(100)) {
            task.feedTexts(0, 2);
            for (int offset = 2; offset < 1_002; offset++) {
                task.acceptMalformedText(offset);
            }
            assertThat(task.run().hasEnoughTexts()).isTrue();

            // When
            task.feed(0, 4);

            // Then
            assertThat(task.run().hasEnoughTexts()).isFalse();
            assertThat(announcements.last().texts()).isEqualTo(offsets(0, 1_002));
            assertThat(announcements.lastRecords()).hasSize(1_000);
        }
    }

    @Test
    void shouldRejectTheTextsOfAMiniBatchThatIsNotFinite() {
        // Given
        try (RunningTask task = start(1)) {
            task.feedTexts(0, 4);

            // When
            task.feedTooMuch(0, 4);

            // Then
            assertThat(announcements.last().texts()).isEqualTo(offsets(0, 4));
            assertThat(header(RejectionHeaders.REASON)).hasSize(8).containsOnly("not-finite");
            assertThat(header(RejectionHeaders.TOPIC))
                    .filteredOn("texts"::equals)
                    .hasSize(4);
        }
    }

    @Test
    void shouldAnnounceNoTextsForATaskThatReadsNone() {
        // Given
        TrainedTask plain =
                Sentiments.task(Method.PLAIN, Sentiments.golden("bert"), 1, new CheckpointConfig(1, null, null, null));
        try (RunningTask task = new RunningTask(plain, store, announcements, 0)) {

            // When
            task.feed(0, 4);

            // Then
            assertThat(announcements.last().texts()).isNull();
            assertThat(task.lastManifest().lineage().texts()).isNull();
        }
    }

    @Test
    void shouldAccountForEveryTextAtAnyTime() {
        // Given
        Random random = new Random(1);
        RunningTask task = start(3);
        long offset = 0;
        long texts = 0;

        // When / Then
        for (int event = 0; event < RANDOM_EVENTS; event++) {
            switch (random.nextInt(6)) {
                case 0 -> task.acceptMalformedText(texts++);
                case 1 -> task.feedTooMuch(offset, ++offset);
                case 2 -> task.run().texts().atEnd(random.nextBoolean());
                case 3 -> task.feed(offset, ++offset);
                default -> task.feedTexts(texts, ++texts);
            }
            assertThat(task.textsRead()).as("event %d", event).isEqualTo(texts);
            if (texts > 0) {
                assertThat(task.textsAccountedFor()).as("event %d", event).isEqualTo(texts);
            }
        }
        task.run().leave();
        task.run().close();
        assertThat(task.textsAccountedFor()).isEqualTo(texts);
    }

    private RunningTask start(int everySteps) {
        TrainedTask task = Sentiments.readingTexts(Sentiments.task(
                Method.PLAIN, Sentiments.golden("bert"), 1, new CheckpointConfig(everySteps, null, null, null)));
        return new RunningTask(task, store, announcements, 0);
    }

    private static OffsetRange offsets(long first, long next) {
        return new OffsetRange(RunningTask.PARTITION, first, next);
    }

    private List<String> header(String name) {
        return announcements.lastRecords().stream()
                .map((ProducerRecord<String, byte[]> record) ->
                        new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8))
                .toList();
    }
}
