package io.millrace.evaluator;

import static io.millrace.evaluator.EvaluatorFixtures.announcement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Timer;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.json.Json;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The loop over a log in memory. */
class EvaluationLoopTest extends EvaluatorInMemory {

    @Test
    void shouldJudgeEveryCheckpointInOrderAgainstTheModelThatIsCurrentByThen() throws IOException {
        // Given
        probe("1");
        announce(StoredCheckpoint.write(root, 100, "0.7"));
        announce(StoredCheckpoint.write(root, 200, "0.6"));
        announce(StoredCheckpoint.write(root, 300, "0.75"));

        // When
        run();

        // Then
        assertThat(updates())
                .extracting(ModelUpdate::verdict)
                .containsExactly(Verdict.PROMOTED, Verdict.REJECTED, Verdict.PROMOTED);
        assertThat(updates().get(2).current().model().checkpoint().id()).isEqualTo("checkpoint-000100");
        assertThat(producer.commitCount()).isEqualTo(3);
        assertCounts(3, 2, 1, 0, 0);
    }

    @Test
    void shouldTellOfAVerdictAfterItsCommit() throws IOException {
        // Given
        List<String> told = new ArrayList<>();
        listener = new EvaluatorListener() {

            @Override
            public void evaluation(CheckpointEvaluation evaluation) {
                told.add("scores of " + evaluation.checkpoint().id() + " after " + producer.commitCount());
            }

            @Override
            public void modelUpdate(ModelUpdate update) {
                told.add(update.verdict() + " after " + producer.commitCount());
            }
        };
        probe("1");
        announce(StoredCheckpoint.write(root, 100, "0.7"));

        // When
        run();

        // Then
        assertThat(told).containsExactly("scores of checkpoint-000100 after 1", "PROMOTED after 1");
    }

    @Test
    void shouldCountHowOldTheExamplesOfAPromotedModelAre() throws IOException {
        // Given
        probe("1");
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "0.7");
        Instant produced = Instant.now().minusSeconds(60);
        announce(
                "intent",
                Json.write(new CheckpointAnnouncement(
                        checkpoint,
                        null,
                        new OffsetRange(0, 10, 20),
                        10,
                        Map.of(),
                        null,
                        null,
                        null,
                        new CheckpointAnnouncement.Produced(produced, produced.plusSeconds(30)))));

        // When
        run();

        // Then
        assertThat(updates()).extracting(ModelUpdate::verdict).containsExactly(Verdict.PROMOTED);
        assertThat(latency("oldest").count()).isEqualTo(1);
        assertThat(latency("oldest").totalTime(TimeUnit.SECONDS)).isGreaterThanOrEqualTo(60);
        assertThat(latency("newest").totalTime(TimeUnit.SECONDS)).isGreaterThanOrEqualTo(30);
    }

    private Timer latency(String example) {
        return registry.get(ModelLatency.METER).tag("example", example).timer();
    }

    @Test
    void shouldSkipACheckpointThatIsGoneOnceANewerOneIsAnnounced() throws IOException {
        // Given
        probe("1");
        announce(EvaluatorFixtures.checkpoint(100));
        announce("intent", "{");
        announce(StoredCheckpoint.write(root, 200, "0.7"));

        // When
        run();

        // Then
        assertThat(updates()).extracting(ModelUpdate::verdict).containsExactly(Verdict.PROMOTED);
        assertThat(registry.get("millrace.evaluator.skipped")
                        .tag("reason", "gone")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertCounts(3, 1, 0, 2, 0);
    }

    @Test
    void shouldRejectTheNewestCheckpointIfItIsGoneAndSayWhatIsWrong() throws IOException {
        // Given: what comes behind it is of another task, or no announcement
        probe("1");
        announce(EvaluatorFixtures.checkpoint(100));
        announce("intent", "{");
        announce(
                "other",
                Json.write(announcement(EvaluatorFixtures.checkpoint(1))).replace("intent", "other"));

        // When
        run();

        // Then
        assertThat(updates()).singleElement().satisfies(update -> {
            assertThat(update.verdict()).isEqualTo(Verdict.REJECTED);
            assertThat(update.reasons())
                    .containsExactly("intent/checkpoint-000100 is not in the store any more, and no newer checkpoint of"
                            + " the task has been announced. Was it deleted, or do trainer and evaluator have different"
                            + " stores?");
        });
    }

    @Test
    void shouldReadThePastOfATaskOnlyUntilItHasASnapshot() throws IOException {
        // Given
        probe("1");
        announce(StoredCheckpoint.write(root, 100, "0.7"));
        run();
        announcements.clear();
        announce(StoredCheckpoint.write(root, 200, "0.6"));
        MockConsumer<String, byte[]> next = stateTopicsOfAnotherProcess();

        // When
        Outcome outcome = judgeWith(histories(next)).judge(announcements.get(0));

        // Then: it knows the current model without the topics that hold all of the past
        assertThat(outcome.judgement().orElseThrow().update().verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(next.assignment()).extracting(TopicPartition::topic).isSubsetOf(state().topics());
    }

    @Test
    void shouldContinueAfterRecordsThatItCannotJudge() throws IOException {
        // Given
        probe("1");
        announce("intent", "{");
        announce(
                "other",
                Json.write(announcement(EvaluatorFixtures.checkpoint(1))).replace("intent", "other"));
        CheckpointReference torn = StoredCheckpoint.write(root, 100, "0.7");
        Files.delete(root.resolve(torn.location()).resolve("tokenizer.json"));
        announce(torn);
        announce(StoredCheckpoint.write(root, 200, "0.7"));

        // When
        run();

        // Then
        assertThat(updates()).extracting(ModelUpdate::verdict).containsExactly(Verdict.REJECTED, Verdict.PROMOTED);
        assertThat(producer.commitCount()).isEqualTo(4);
        assertCounts(4, 1, 1, 2, 0);
        assertThat(registry.get("millrace.evaluator.unreadable").counter().count())
                .isEqualTo(1);
        assertThat(skippedBecause("malformed")).isEqualTo(1);
        assertThat(skippedBecause("unknown-task")).isEqualTo(1);
    }

    @Test
    void shouldJudgeACheckpointAgainWhenItsTransactionIsAborted() throws IOException {
        // Given
        probe("1");
        announce(StoredCheckpoint.write(root, 100, "0.7"));
        producer.sendOffsetsToTransactionException = new CommitFailedException("rebalanced");
        furtherPolls.add(() -> {
            producer.sendOffsetsToTransactionException = null;
            checkpoints.addRecord(announcements.get(0));
        });
        furtherPolls.add(() -> {});

        // When
        run();

        // Then
        assertThat(updates()).extracting(ModelUpdate::verdict).containsExactly(Verdict.PROMOTED);
        assertThat(producer.commitCount()).isEqualTo(1);
        assertCounts(2, 1, 0, 0, 1);
    }

    @Test
    void shouldCountACheckpointAsRetriedWhenNobodyKnowsWhatCameOfItsTransaction() throws IOException {
        // Given
        probe("1");
        announce(StoredCheckpoint.write(root, 100, "0.7"));
        producer.sendOffsetsToTransactionException = new TimeoutException("broker away");
        producer.abortTransactionException = new ProducerFencedException("fenced");

        // When / Then
        assertThatThrownBy(this::runUntilItEnds).hasRootCause(producer.sendOffsetsToTransactionException);
        assertCounts(1, 0, 0, 0, 1);
    }

    @Test
    void shouldKeepTheNewestModelsAndDeleteTheOthers() throws IOException {
        // Given
        probe("1");
        for (int step = 100; step <= 400; step += 100) {
            announce(StoredCheckpoint.write(root, step, "0.7"));
        }

        // When
        run();

        // Then
        try (Stream<Path> models = Files.list(root.resolve("intent/models"))) {
            assertThat(models.map(model -> model.getFileName().toString()))
                    .containsExactlyInAnyOrder("checkpoint-000300", "checkpoint-000400");
        }
    }

    private double skippedBecause(String reason) {
        return registry.get("millrace.evaluator.skipped")
                .tag("reason", reason)
                .counter()
                .count();
    }
}
