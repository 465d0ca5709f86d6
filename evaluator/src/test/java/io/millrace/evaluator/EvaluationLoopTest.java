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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The loop over a log in memory: what the producer commits is what the state is folded from. */
class EvaluationLoopTest {

    private static final TopicPartition CHECKPOINTS = new TopicPartition(Topics.CHECKPOINTS.name(), 0);

    @TempDir
    private Path root;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MockConsumer<String, byte[]> checkpoints = new MockConsumer<>("earliest");
    private final MockConsumer<String, byte[]> stateTopics = new MockConsumer<>("earliest");
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private final List<ConsumerRecord<String, byte[]>> announcements = new ArrayList<>();
    private final List<Runnable> furtherPolls = new ArrayList<>();
    private final List<ProducerRecord<String, byte[]>> probes = new ArrayList<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private int replayed;

    @BeforeEach
    void topics() {
        checkpoints.setMaxPollRecords(1);
        checkpoints.updateBeginningOffsets(Map.of(CHECKPOINTS, 0L));
        for (String topic : EvaluatorState.TOPICS) {
            TopicPartition partition = new TopicPartition(topic, 0);
            stateTopics.updatePartitions(
                    topic, List.of(new PartitionInfo(topic, 0, Node.noNode(), new Node[0], new Node[0])));
            stateTopics.updateBeginningOffsets(Map.of(partition, 0L));
            ends.put(partition, 0L);
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

    @Test
    void shouldGoOnAfterRecordsThatItCannotJudge() throws IOException {
        // Given
        probe("1");
        announce("intent", "{");
        announce(
                "other",
                Json.write(announced(Examples.checkpoint(1)).announcement()).replace("intent", "other"));
        announce(Examples.checkpoint(100));
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
        EvaluatorMetrics metrics = new EvaluatorMetrics(registry, List.of(TASK));
        ModelStore models = new ModelStore(root);
        return new EvaluationLoop(
                new TransactionalCheckpoints(checkpoints, producer),
                new AnnouncementReader(List.of(TASK)),
                new TopicReplay<>(
                        EvaluatorState.TOPICS,
                        stateTopics,
                        this::deliverWhatIsCommitted,
                        new EvaluatorState(List.of(TASK), metrics)),
                new CheckpointJudge(models, new FakeScorer()),
                models,
                metrics);
    }

    private Map<TopicPartition, Long> deliverWhatIsCommitted(Collection<TopicPartition> partitions) {
        List<ProducerRecord<String, byte[]>> log =
                Stream.concat(probes.stream(), producer.history().stream()).toList();
        for (ProducerRecord<String, byte[]> record : log.subList(replayed, log.size())) {
            TopicPartition partition = new TopicPartition(record.topic(), 0);
            if (partitions.contains(partition)) {
                long offset = ends.merge(partition, 1L, Long::sum) - 1;
                stateTopics.addRecord(new ConsumerRecord<>(record.topic(), 0, offset, record.key(), record.value()));
            }
        }
        replayed = log.size();
        return Map.copyOf(ends);
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
