package io.millrace.evaluator;

import static io.millrace.evaluator.EvaluatorFixtures.KAFKA;
import static io.millrace.evaluator.EvaluatorFixtures.TASK;
import static io.millrace.evaluator.EvaluatorFixtures.announcement;
import static io.millrace.evaluator.EvaluatorFixtures.example;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.models.ModelStore;
import io.millrace.evaluator.score.Scorer;
import io.millrace.evaluator.state.EvaluatorState;
import io.millrace.evaluator.state.TopicReplay;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.RequestOutcome;
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
import java.util.Optional;
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
    final MockConsumer<String, byte[]> watched = new MockConsumer<>("earliest");
    final Worker worker = new Worker();
    final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    final List<ConsumerRecord<String, byte[]>> announcements = new ArrayList<>();
    final List<CheckpointAnnouncement> everAnnounced = new ArrayList<>();
    private long noticed;
    final List<Runnable> furtherPolls = new ArrayList<>();
    /** Records of others: probes and requests. */
    final List<ProducerRecord<String, byte[]>> written = new ArrayList<>();

    final Set<String> delivered = new HashSet<>();
    final EvaluatorMetrics metrics = new EvaluatorMetrics(registry, List.of(TASK));
    Scorer scorer = new FakeScorer();
    EvaluatorListener listener = EvaluatorListener.NONE;

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
        TopicPartition requests = new TopicPartition(Topics.MODEL_REQUESTS.name(), 0);
        checkpoints.updatePartitions(CHECKPOINTS.topic(), onePartition(CHECKPOINTS.topic()));
        watched.updatePartitions(requests.topic(), onePartition(requests.topic()));
        watched.updateBeginningOffsets(Map.of(requests, 0L));
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
            stateTopics.updatePartitions(topic, onePartition(topic));
            stateTopics.updateBeginningOffsets(Map.of(partition, 0L));
        }
    }

    private static List<PartitionInfo> onePartition(String topic) {
        return List.of(new PartitionInfo(topic, 0, Node.noNode(), new Node[0], new Node[0]));
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
        TransactionalCheckpoints transactional = new TransactionalCheckpoints(KAFKA, checkpoints, producer);
        ResultWriter results = new ResultWriter(KAFKA, transactional, new ModelStore(root), metrics, listener);
        HistoryReader histories = histories(stateTopics);
        RequestTurn turn = new RequestTurn(
                List.of(TASK),
                transactional,
                new RequestWatch(KAFKA, watched),
                new RequestJudge(histories, executor()),
                worker,
                results);
        return new EvaluationLoop(transactional, judgeWith(histories), turn, worker, results, metrics);
    }

    EvaluatorState state() {
        return new EvaluatorState(KAFKA, List.of(TASK), metrics.state());
    }

    HistoryReader histories(MockConsumer<String, byte[]> state) {
        EvaluatorState folded = state();
        return new HistoryReader(new TopicReplay<>(
                folded.topics(), state, partitions -> deliverWhatIsCommitted(state, partitions), folded));
    }

    AnnouncementJudge judgeWith(HistoryReader histories) {
        return new AnnouncementJudge(
                List.of(TASK),
                new LaterAnnouncements(ahead, this::readAhead),
                histories,
                new CheckpointJudge(new ModelStore(root), scorer, worker::throwIfCancelled, System::nanoTime),
                metrics);
    }

    RequestExecutor executor() {
        return new RequestExecutor(new ModelStore(root), scorer, worker::throwIfCancelled, new PastInMemory());
    }

    /** What was announced and published, without the detour over a topic. */
    private final class PastInMemory implements RequestExecutor.Past {

        @Override
        public Optional<CheckpointAnnouncement> announcement(EvaluatedTask task, String checkpoint) {
            return everAnnounced.stream()
                    .filter(announcement -> announcement.checkpoint().id().equals(checkpoint))
                    .findFirst();
        }

        @Override
        public Optional<ModelUpdate> publication(EvaluatedTask task, String checkpoint) {
            return updates().stream()
                    .filter(update -> update.model().location() != null)
                    .filter(update -> update.model().checkpoint().id().equals(checkpoint))
                    .findFirst();
        }
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
        Stream.concat(written.stream(), producer.history().stream()).forEach(record -> {
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
        written.add(new ProducerRecord<>(
                Topics.PROBES.name(), probe.key(), Json.write(probe).getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes a request; one that comes while the evaluator runs is what its watch notices. */
    void request(ModelRequest request) {
        byte[] value = Json.write(request).getBytes(StandardCharsets.UTF_8);
        written.add(new ProducerRecord<>(Topics.MODEL_REQUESTS.name(), request.task(), value));
        if (!watched.assignment().isEmpty()) {
            watched.addRecord(new ConsumerRecord<>(Topics.MODEL_REQUESTS.name(), 0, noticed++, request.task(), value));
        }
    }

    void announce(CheckpointReference checkpoint) {
        everAnnounced.add(announcement(checkpoint));
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

    List<RequestOutcome> outcomes() {
        return producer.history().stream()
                .filter(record -> record.topic().equals(Topics.REQUEST_OUTCOMES.name()))
                .map(record ->
                        Topics.REQUEST_OUTCOMES.valueSerde().deserializer().deserialize(record.topic(), record.value()))
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
