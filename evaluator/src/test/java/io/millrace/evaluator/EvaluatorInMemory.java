package io.millrace.evaluator;

import static io.millrace.evaluator.EvaluatorFixtures.KAFKA;
import static io.millrace.evaluator.EvaluatorFixtures.TASK;
import static io.millrace.evaluator.EvaluatorFixtures.announcement;
import static io.millrace.evaluator.EvaluatorFixtures.example;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.evaluator.models.ModelStore;
import io.millrace.evaluator.score.Scorer;
import io.millrace.evaluator.state.EvaluatorState;
import io.millrace.evaluator.state.TopicReplay;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** An evaluator over a log in memory: what the producer commits is what the state is folded from. */
abstract class EvaluatorInMemory {

    private static final TopicPartition CHECKPOINTS = new TopicPartition(Topics.CHECKPOINTS.name(), 0);

    @TempDir
    Path root;

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final MockConsumer<String, byte[]> checkpoints = new UntilAllIsRead();
    final MockConsumer<String, byte[]> stateTopics = new MockConsumer<>("earliest");
    final MockConsumer<String, byte[]> ahead = new MockConsumer<>("earliest");
    final Worker worker = new Worker();
    final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    final List<ConsumerRecord<String, byte[]>> announcements = new ArrayList<>();
    final List<Runnable> furtherPolls = new ArrayList<>();
    final List<ProducerRecord<String, byte[]>> probes = new ArrayList<>();
    final Set<String> delivered = new HashSet<>();
    final EvaluatorMetrics metrics = new EvaluatorMetrics(registry, List.of(TASK));
    Scorer scorer = new FakeScorer();

    /** Ends the loop once nothing is left to be judged, however often it polls while it judges. */
    private static final class UntilAllIsRead extends MockConsumer<String, byte[]> {

        private UntilAllIsRead() {
            super("earliest");
        }

        @Override
        public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            ConsumerRecords<String, byte[]> polled = super.poll(timeout);
            if (polled.isEmpty() && timeout.equals(TransactionalCheckpoints.POLL_TIMEOUT)) {
                wakeup();
            }
            return polled;
        }
    }

    @BeforeEach
    void topics() {
        checkpoints.setMaxPollRecords(1);
        checkpoints.updateBeginningOffsets(Map.of(CHECKPOINTS, 0L));
        ahead.updateBeginningOffsets(Map.of(CHECKPOINTS, 0L));
        topicsOf(stateTopics);
    }

    void topicsOf(MockConsumer<String, byte[]> stateTopics) {
        EvaluatorState state = state();
        for (String topic :
                Stream.concat(state.topics().stream(), state.past().stream()).toList()) {
            TopicPartition partition = new TopicPartition(topic, 0);
            stateTopics.updatePartitions(
                    topic, List.of(new PartitionInfo(topic, 0, Node.noNode(), new Node[0], new Node[0])));
            stateTopics.updateBeginningOffsets(Map.of(partition, 0L));
        }
    }

    @AfterEach
    void endWorker() {
        worker.close();
    }

    void run() {
        assertThatThrownBy(this::runUntilItEnds).isInstanceOf(WakeupException.class);
    }

    void runUntilItEnds() {
        checkpoints.schedulePollTask(() -> {
            checkpoints.rebalance(List.of(CHECKPOINTS));
            announcements.forEach(checkpoints::addRecord);
        });
        furtherPolls.forEach(checkpoints::schedulePollTask);
        loop().run();
    }

    EvaluationLoop loop() {
        ModelStore models = new ModelStore(root);
        return new EvaluationLoop(
                KAFKA,
                new TransactionalCheckpoints(KAFKA, checkpoints, producer),
                judgeWith(stateTopics),
                worker,
                models,
                metrics);
    }

    EvaluatorState state() {
        return new EvaluatorState(KAFKA, List.of(TASK), metrics.state());
    }

    AnnouncementJudge judgeWith(MockConsumer<String, byte[]> state) {
        EvaluatorState folded = state();
        return new AnnouncementJudge(
                List.of(TASK),
                new LaterAnnouncements(ahead, this::readAhead),
                new TopicReplay<>(
                        folded.topics(), state, partitions -> deliverWhatIsCommitted(state, partitions), folded),
                new CheckpointJudge(new ModelStore(root), scorer, worker::throwIfCancelled, System::nanoTime),
                metrics);
    }

    Map<TopicPartition, Long> readAhead(Collection<TopicPartition> partitions) {
        announcements.stream()
                .filter(record -> record.offset() >= ahead.position(CHECKPOINTS))
                .forEach(ahead::addRecord);
        return Map.of(CHECKPOINTS, (long) announcements.size());
    }

    MockConsumer<String, byte[]> stateTopicsOfAnotherProcess() {
        MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
        topicsOf(consumer);
        return consumer;
    }

    /** What lies in a log, and this consumer has not been given yet, of the partitions that it reads. */
    Map<TopicPartition, Long> deliverWhatIsCommitted(
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

    void probe(String id) {
        ProbeExample probe =
                new ProbeExample("intent", "known", Distribution.IN_DISTRIBUTION, example(id, "text", "yes"));
        probes.add(new ProducerRecord<>(
                Topics.PROBES.name(), probe.key(), Json.write(probe).getBytes(StandardCharsets.UTF_8)));
    }

    void announce(CheckpointReference checkpoint) {
        announce("intent", Json.write(announcement(checkpoint)));
    }

    void announce(String key, String json) {
        announcements.add(new ConsumerRecord<>(
                CHECKPOINTS.topic(), 0, announcements.size(), key, json.getBytes(StandardCharsets.UTF_8)));
    }

    List<ModelUpdate> updates() {
        return producer.history().stream()
                .filter(record -> record.topic().equals(Topics.MODEL_UPDATES.name()))
                .map(record ->
                        Topics.MODEL_UPDATES.valueSerde().deserializer().deserialize(record.topic(), record.value()))
                .toList();
    }

    void assertCounts(int received, int promoted, int rejected, int skipped, int retried) {
        assertThat(registry.get("millrace.evaluator.received").counter().count())
                .isEqualTo(received);
        assertThat(checkpointsWith("promoted")).isEqualTo(promoted);
        assertThat(checkpointsWith("rejected")).isEqualTo(rejected);
        assertThat(checkpointsWith("skipped")).isEqualTo(skipped);
        assertThat(checkpointsWith("retried")).isEqualTo(retried);
    }

    double checkpointsWith(String verdict) {
        return registry.get("millrace.evaluator.checkpoints")
                .tags("verdict", verdict)
                .counter()
                .count();
    }
}
