package io.millrace.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.ModelRequest.Action;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.RequestOutcome.Result;
import io.millrace.schemas.Verdict;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Requests by hand in the loop over a log in memory. */
class RequestTurnTest extends EvaluatorInMemory {

    @Test
    void shouldExecuteWhatWaitsBeforeItJudgesACheckpoint() throws IOException {
        // Given
        probe("1");
        request("1", Action.HOLD, null);
        announce(StoredCheckpoint.write(root, 100, "0.7"));

        // When
        run();

        // Then
        assertThat(updates()).extracting(ModelUpdate::verdict).containsExactly(Verdict.REJECTED);
        assertThat(outcomes()).extracting(RequestOutcome::result).containsExactly(Result.DONE);
        assertThat(requests("hold", "done")).isEqualTo(1);
        assertCounts(1, 0, 1, 0, 0);
    }

    @Test
    void shouldExecuteEveryRequestOnceInOrderWhileNothingIsAnnounced() throws IOException {
        // Given
        probe("1");
        announce(StoredCheckpoint.write(root, 100, "0.7"));
        announce(StoredCheckpoint.write(root, 200, "0.6"));
        furtherPolls.add(() -> {});
        furtherPolls.add(() -> {
            request("1", Action.PROMOTE, "checkpoint-000200");
            request("2", Action.ROLLBACK, null);
            request("3", Action.PROMOTE, "checkpoint-000999");
        });

        // When
        run();

        // Then: another evaluator finds nothing left to do
        RequestJudge next = new RequestJudge(histories(stateTopicsOfAnotherProcess()), executor());
        assertThat(next.next(List.of(EvaluatorFixtures.TASK))).isEmpty();
        assertThat(outcomes())
                .extracting(outcome -> outcome.request().id(), RequestOutcome::result)
                .containsExactly(tuple("1", Result.DONE), tuple("2", Result.DONE), tuple("3", Result.REFUSED));
        assertThat(updates())
                .extracting(ModelUpdate::verdict)
                .containsExactly(Verdict.PROMOTED, Verdict.REJECTED, Verdict.PROMOTED, Verdict.ROLLED_BACK);
        assertThat(outcomes().get(2).champion()).isEqualTo("checkpoint-000100");
    }

    @Test
    void shouldWriteARequestInOneTransactionThatLeavesTheOffsetWhereItIs() {
        // Given
        request("1", Action.HOLD, null);

        // When
        run();

        // Then
        assertThat(producer.commitCount()).isEqualTo(1);
        assertThat(producer.history())
                .extracting(ProducerRecord::topic)
                .containsExactly("request-outcomes", "task-histories");
        assertThat(producer.consumerGroupOffsetsHistory())
                .containsExactly(Map.of(
                        "dummy.group.id", Map.of(new TopicPartition("checkpoints", 0), new OffsetAndMetadata(0))));
    }

    @Test
    void shouldTryAgainWhenTheTransactionIsAborted() {
        // Given
        request("1", Action.HOLD, null);
        announce("intent", "{");
        producer.sendOffsetsToTransactionException = new CommitFailedException("no member any more");
        furtherPolls.add(() -> {
            producer.sendOffsetsToTransactionException = null;
            checkpoints.addRecord(announcements.get(0));
        });
        furtherPolls.add(() -> {});

        // When
        run();

        // Then
        assertThat(outcomes()).hasSize(1);
        assertThat(producer.commitCount()).isEqualTo(2);
    }

    @Test
    void shouldWriteNothingIfThePartitionMovesWhileARequestIsExecuted() throws IOException {
        // Given: a checkpoint whose scores only come once the partition is gone
        probe("1");
        everAnnounced.add(EvaluatorFixtures.announcement(StoredCheckpoint.write(root, 100, "0.7")));
        announce("intent", "{");
        request("1", Action.PROMOTE, "checkpoint-000100");
        CountDownLatch moved = new CountDownLatch(1);
        scorer = new FakeScorer(() -> {
            try {
                if (!moved.await(1, TimeUnit.MINUTES)) {
                    throw new IllegalStateException("nobody polled while it was scored");
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        furtherPolls.add(() -> checkpoints.rebalance(List.of()));
        furtherPolls.add(moved::countDown);

        // When
        run();

        // Then: nor is the record that was polled before it moved
        assertThat(producer.commitCount()).isZero();
        assertThat(root.resolve("intent/models")).isEmptyDirectory();
        assertCounts(1, 0, 0, 0, 1);
    }

    @Test
    void shouldLeaveOutWhatIsNoRequestAndCountIt() {
        // Given
        written.add(new ProducerRecord<>("model-requests", "intent", "{".getBytes(StandardCharsets.UTF_8)));
        request("2", Action.HOLD, null);

        // When
        run();

        // Then
        assertThat(outcomes()).extracting(outcome -> outcome.request().id()).containsExactly("2");
        assertThat(registry.counter("millrace.evaluator.malformed.requests").count())
                .isEqualTo(1);
    }

    @Test
    void shouldGiveAnEventThatIsWrittenAgainTheIdOfItsRequest() throws IOException {
        // Given
        probe("1");
        announce(StoredCheckpoint.write(root, 100, "0.7"));
        announce(StoredCheckpoint.write(root, 200, "0.6"));
        furtherPolls.add(() -> {});
        furtherPolls.add(() -> request("the-id", Action.PROMOTE, "checkpoint-000200"));

        // When
        run();

        // Then
        assertThat(ids("model-updates")).endsWith("model-update/request/the-id");
        assertThat(ids("request-outcomes")).containsExactly("request-outcome/the-id");
    }

    private List<String> ids(String topic) {
        return producer.history().stream()
                .filter(record -> record.topic().equals(topic))
                .map(record -> new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8))
                .toList();
    }

    private double requests(String action, String result) {
        return registry.get("millrace.evaluator.requests")
                .tags("action", action, "result", result)
                .counter()
                .count();
    }

    private void request(String id, Action action, String checkpoint) {
        request(new ModelRequest(id, "intent", action, checkpoint, "alice", "because", null));
    }
}
