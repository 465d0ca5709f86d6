package io.millrace.evaluator;

import static io.millrace.evaluator.Examples.TASK;
import static io.millrace.evaluator.Examples.announced;
import static io.millrace.evaluator.Examples.example;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.evaluator.models.ModelStore;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.Json;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.Topics;
import io.millrace.schemas.Verdict;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The loop over a log in memory: what the producer commits is what the state is folded from. */
class EvaluationLoopTest {

    private static final TopicPartition CHECKPOINTS = new TopicPartition(Topics.CHECKPOINTS.name(), 0);
    private static final List<String> EVERY_STATE_TOPIC = Stream.concat(
                    EvaluatorState.TOPICS.stream(), EvaluatorState.PAST.stream())
            .toList();

    @TempDir
    private Path root;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MockConsumer<String, byte[]> checkpoints = new MockConsumer<>("earliest");
    private final MockConsumer<String, byte[]> stateTopics = new MockConsumer<>("earliest");
    private final MockConsumer<String, byte[]> ahead = new MockConsumer<>("earliest");
    private final Worker worker = new Worker();
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private final List<ConsumerRecord<String, byte[]>> announcements = new ArrayList<>();
    private final List<Runnable> furtherPolls = new ArrayList<>();
    private final List<ProducerRecord<String, byte[]>> probes = new ArrayList<>();
    private final Set<String> delivered = new HashSet<>();
    private final EvaluatorMetrics metrics = new EvaluatorMetrics(registry, List.of(TASK));
    private ModelScorer scorer = new FakeScorer();

    @BeforeEach
    void topics() {
        checkpoints.setMaxPollRecords(1);
        checkpoints.updateBeginningOffsets(Map.of(CHECKPOINTS, 0L));
        ahead.updateBeginningOffsets(Map.of(CHECKPOINTS, 0L));
        topicsOf(stateTopics);
    }

    private void topicsOf(MockConsumer<String, byte[]> stateTopics) {
        for (String topic : EVERY_STATE_TOPIC) {
            TopicPartition partition = new TopicPartition(topic, 0);
            stateTopics.updatePartitions(
                    topic, List.of(new PartitionInfo(topic, 0, Node.noNode(), new Node[0], new Node[0])));
            stateTopics.updateBeginningOffsets(Map.of(partition, 0L));
        }
    }

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

    @AfterEach
    void endWorker() {
        worker.close();
    }

    @Test
    void shouldKeepPollingHoweverLongACheckpointIsScored() throws IOException {
        // Given: scores that only come once the evaluator has polled twice meanwhile
        probe("1");
        announce(StoredCheckpoint.write(root, 100, "0.7"));
        CountDownLatch polled = new CountDownLatch(2);
        scorer = waitingFor(polled);
        furtherPolls.add(polled::countDown);
        furtherPolls.add(polled::countDown);

        // When
        run();

        // Then
        assertThat(updates()).extracting(ModelUpdate::verdict).containsExactly(Verdict.PROMOTED);
        assertCounts(1, 1, 0, 0, 0);
    }

    @Test
    void shouldGiveUpACheckpointWhosePartitionGoesToAnotherEvaluatorWhileItIsScored() throws IOException {
        // Given
        probe("1");
        announce(StoredCheckpoint.write(root, 100, "0.7"));
        CountDownLatch revoked = new CountDownLatch(1);
        scorer = waitingFor(revoked);
        furtherPolls.add(() -> checkpoints.rebalance(List.of()));
        furtherPolls.add(revoked::countDown);

        // When
        run();

        // Then
        assertThat(updates()).isEmpty();
        assertThat(producer.commitCount()).isZero();
        assertThat(root.resolve("intent/models")).isEmptyDirectory();
        assertCounts(1, 0, 0, 0, 1);
    }

    @Test
    void shouldEndWithTheCauseWhenScoringFailsForAnotherReasonThanTheFiles() throws IOException {
        // Given
        probe("1");
        announce(StoredCheckpoint.write(root, 100, "0.7"));
        scorer = (model, task, probeSets) -> {
            throw new IllegalStateException("out of memory");
        };

        // When / Then: the checkpoint is judged after the next start
        assertThatThrownBy(this::runUntilItEnds).hasMessage("out of memory");
        assertThat(producer.commitCount()).isZero();
    }

    @Test
    void shouldSkipACheckpointThatIsGoneOnceANewerOneIsAnnounced() throws IOException {
        // Given
        probe("1");
        announce(Examples.checkpoint(100));
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
        announce(Examples.checkpoint(100));
        announce("intent", "{");
        announce(
                "other",
                Json.write(announced(Examples.checkpoint(1)).announcement()).replace("intent", "other"));

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
        Outcome outcome = judgeWith(next).outcome(announcements.get(0));

        // Then: it knows the current model without the topics that hold all of the past
        assertThat(((Judgement) outcome).update().verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(next.assignment()).extracting(TopicPartition::topic).isSubsetOf(EvaluatorState.TOPICS);
    }

    @Test
    void shouldGoOnAfterRecordsThatItCannotJudge() throws IOException {
        // Given
        probe("1");
        announce("intent", "{");
        announce(
                "other",
                Json.write(announced(Examples.checkpoint(1)).announcement()).replace("intent", "other"));
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

    private void run() {
        assertThatThrownBy(this::runUntilItEnds).isInstanceOf(WakeupException.class);
    }

    private void runUntilItEnds() {
        checkpoints.schedulePollTask(() -> {
            checkpoints.rebalance(List.of(CHECKPOINTS));
            announcements.forEach(checkpoints::addRecord);
        });
        furtherPolls.forEach(checkpoints::schedulePollTask);
        for (int record = 1; record < announcements.size(); record++) {
            checkpoints.scheduleNopPollTask();
        }
        checkpoints.schedulePollTask(checkpoints::wakeup);
        loop().run();
    }

    private EvaluationLoop loop() {
        ModelStore models = new ModelStore(root);
        return new EvaluationLoop(
                new TransactionalCheckpoints(checkpoints, producer), judgeWith(stateTopics), worker, models, metrics);
    }

    private AnnouncementJudge judgeWith(MockConsumer<String, byte[]> state) {
        AnnouncementReader reader = new AnnouncementReader(List.of(TASK));
        return new AnnouncementJudge(
                reader,
                new LaterAnnouncements(ahead, this::readAhead, reader),
                new TopicReplay<>(
                        EvaluatorState.TOPICS,
                        state,
                        partitions -> deliverWhatIsCommitted(state, partitions),
                        new EvaluatorState(List.of(TASK), metrics)),
                new CheckpointJudge(
                        new ModelStore(root),
                        (model, task, sets) -> scorer.score(model, task, sets),
                        worker::throwIfCancelled),
                metrics);
    }

    /** Scores as {@link FakeScorer} does, but not before something has happened on the polling thread. */
    private static ModelScorer waitingFor(CountDownLatch latch) {
        return (model, task, probeSets) -> {
            try {
                if (!latch.await(1, TimeUnit.MINUTES)) {
                    throw new IllegalStateException("nobody polled while it was scored");
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new FakeScorer().score(model, task, probeSets);
        };
    }

    private Map<TopicPartition, Long> readAhead(Collection<TopicPartition> partitions) {
        announcements.stream()
                .filter(record -> record.offset() >= ahead.position(CHECKPOINTS))
                .forEach(ahead::addRecord);
        return Map.of(CHECKPOINTS, (long) announcements.size());
    }

    private MockConsumer<String, byte[]> stateTopicsOfAnotherProcess() {
        MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
        topicsOf(consumer);
        return consumer;
    }

    /** What lies in a log, and this consumer has not been given yet, of the partitions that it reads. */
    private Map<TopicPartition, Long> deliverWhatIsCommitted(
            MockConsumer<String, byte[]> state, Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        partitions.forEach(partition -> ends.put(partition, 0L));
        Stream.concat(probes.stream(), producer.history().stream()).forEach(record -> {
            TopicPartition partition = new TopicPartition(record.topic(), 0);
            if (partitions.contains(partition)) {
                long offset = ends.merge(partition, 1L, Long::sum) - 1;
                if (delivered.add(System.identityHashCode(state) + "/" + partition + "/" + offset)) {
                    state.addRecord(new ConsumerRecord<>(record.topic(), 0, offset, record.key(), record.value()));
                }
            }
        });
        return ends;
    }

    private void probe(String id) {
        ProbeExample probe =
                new ProbeExample("intent", "known", Distribution.IN_DISTRIBUTION, example(id, "text", "yes"));
        probes.add(new ProducerRecord<>(
                Topics.PROBES.name(), probe.key(), Json.write(probe).getBytes(StandardCharsets.UTF_8)));
    }

    private void announce(CheckpointReference checkpoint) {
        announce("intent", Json.write(announced(checkpoint).announcement()));
    }

    private void announce(String key, String json) {
        announcements.add(new ConsumerRecord<>(
                CHECKPOINTS.topic(), 0, announcements.size(), key, json.getBytes(StandardCharsets.UTF_8)));
    }

    private List<ModelUpdate> updates() {
        return producer.history().stream()
                .filter(record -> record.topic().equals(Topics.MODEL_UPDATES.name()))
                .map(record ->
                        Topics.MODEL_UPDATES.valueSerde().deserializer().deserialize(record.topic(), record.value()))
                .toList();
    }

    private void assertCounts(int received, int promoted, int rejected, int skipped, int retried) {
        assertThat(registry.get("millrace.evaluator.received").counter().count())
                .isEqualTo(received);
        assertThat(checkpointsWith("promoted")).isEqualTo(promoted);
        assertThat(checkpointsWith("rejected")).isEqualTo(rejected);
        assertThat(checkpointsWith("skipped")).isEqualTo(skipped);
        assertThat(checkpointsWith("retried")).isEqualTo(retried);
    }

    private double checkpointsWith(String verdict) {
        return registry.get("millrace.evaluator.checkpoints")
                .tags("verdict", verdict)
                .counter()
                .count();
    }
}
