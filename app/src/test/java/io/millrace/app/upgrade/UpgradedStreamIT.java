package io.millrace.app.upgrade;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.contract.Topicwise;
import io.millrace.app.service.RunningService;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.Origin;
import io.millrace.schemas.TaskHistorySnapshot;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.lineage.LineageCheck;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A stream that an earlier version wrote, continued by the trainer and the evaluator of this one. */
class UpgradedStreamIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> TASKS = List.of("films", "news");

    /** So many accepted examples of each task wait in the stored stream. */
    private static final int WAITING = 3;

    private static final int EXAMPLES_PER_CHECKPOINT = 16;

    @TempDir
    private Path work;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    void shouldGoOnWhereTheEarlierVersionStopped() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("broker"), 0)) {
            // Given
            KafkaConnection kafka = broker.connection();
            StoredStream stored = StoredStream.of("0.1");
            MillraceConfig config = MillraceConfig.read(stored.unpack(work)).withKafka(kafka);
            stored.replay(kafka);
            List<CheckpointAnnouncement> checkpoints = Topicwise.values(kafka, Topics.CHECKPOINTS);
            List<ModelUpdate> verdicts = Topicwise.values(kafka, Topics.MODEL_UPDATES);

            // When
            try (RunningService trainer = RunningService.trainer(config, metrics);
                    RunningService evaluator = RunningService.evaluator(config, metrics)) {
                TASKS.forEach(task -> accept(kafka, task));
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(trainer.terminated()).isNotDone();
                    assertThat(evaluator.terminated()).isNotDone();
                    assertThat(Topicwise.values(kafka, Topics.MODEL_UPDATES)).hasSize(verdicts.size() + TASKS.size());
                });
            }

            // Then
            for (String task : TASKS) {
                assertContinued(kafka, newestCheckpoint(checkpoints, task));
                assertJudged(kafka, verdicts, task);
            }
            assertCounted();
        }
    }

    /** The new checkpoint follows the newest stored one, and no example is lost or trained twice. */
    private void assertContinued(KafkaConnection kafka, CheckpointAnnouncement stored) throws Exception {
        String task = stored.checkpoint().task();
        CheckpointAnnouncement made = newestCheckpoint(Topicwise.values(kafka, Topics.CHECKPOINTS), task);
        assertThat(made.parent()).isEqualTo(stored.checkpoint().id());
        assertThat(made.checkpoint().step()).isEqualTo(stored.checkpoint().step() + 2);
        assertThat(made.offsets().first()).isEqualTo(stored.offsets().next());
        assertThat(made.examples()).isEqualTo(EXAMPLES_PER_CHECKPOINT);
        assertThat(LineageCheck.of(kafka, work.resolve(StoredStream.STORE), task)
                        .faults())
                .as(task)
                .isEmpty();
        assertThat(trained(kafka, task))
                .isEqualTo(Topicwise.records(kafka, Topics.ACCEPTED_EXAMPLES).stream()
                        .filter(record -> record.key().equals(task))
                        .count());
    }

    /** The new checkpoint was compared with the model that the stored verdicts promoted last. */
    private static void assertJudged(KafkaConnection kafka, List<ModelUpdate> stored, String task) {
        ModelUpdate promoted = newest(
                stored.stream()
                        .filter(update -> update.verdict() == Verdict.PROMOTED)
                        .toList(),
                task,
                update -> update.model().checkpoint());
        ModelUpdate verdict = newest(Topicwise.values(kafka, Topics.MODEL_UPDATES), task, update -> update.model()
                .checkpoint());
        assertThat(verdict.model().checkpoint())
                .isEqualTo(newestCheckpoint(Topicwise.values(kafka, Topics.CHECKPOINTS), task)
                        .checkpoint());
        assertThat(verdict.scores()).hasSameSizeAs(promoted.scores());
        assertThat(verdict.current().model()).isEqualTo(promoted.model());
        assertThat(verdict.current().scores()).isEqualTo(promoted.scores());

        long before = stored.stream()
                .filter(update -> update.model().checkpoint().task().equals(task))
                .count();
        assertThat(Topicwise.values(kafka, Topics.TASK_HISTORIES))
                .filteredOn(history -> history.task().equals(task))
                .last()
                .extracting(TaskHistorySnapshot::verdicts)
                .isEqualTo(before + 1);
    }

    /** Nothing old was read again, and all of what was read is understood. */
    private void assertCounted() {
        double examples = TASKS.size() * EXAMPLES_PER_CHECKPOINT;
        assertThat(count("millrace.trainer.accepted")).isEqualTo(examples);
        assertThat(count("millrace.trainer.examples", "outcome", "trained")).isEqualTo(examples);
        assertThat(count("millrace.trainer.examples")).isEqualTo(examples);
        assertThat(count("millrace.trainer.foreign")).isZero();
        assertThat(count("millrace.evaluator.received")).isEqualTo(TASKS.size());
        assertThat(count("millrace.evaluator.skipped")).isZero();
        assertThat(count("millrace.evaluator.unreadable")).isZero();
        assertThat(count("millrace.evaluator.malformed.probes")).isZero();
        assertThat(count("millrace.evaluator.malformed.history")).isZero();
    }

    private double count(String name, String... tags) {
        return metrics.find(name).tags(tags).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private static CheckpointAnnouncement newestCheckpoint(List<CheckpointAnnouncement> announcements, String task) {
        return newest(announcements, task, CheckpointAnnouncement::checkpoint);
    }

    private static <T> T newest(List<T> records, String task, Function<T, CheckpointReference> about) {
        return records.stream()
                .filter(record -> about.apply(record).task().equals(task))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    private static long trained(KafkaConnection kafka, String task) {
        return Topicwise.values(kafka, Topics.CHECKPOINTS).stream()
                .filter(announcement -> announcement.checkpoint().task().equals(task))
                .mapToLong(CheckpointAnnouncement::examples)
                .sum();
    }

    /** Accepts, as ingest does, what those that wait lack for a checkpoint. */
    private static void accept(KafkaConnection kafka, String task) {
        Map<String, Object> settings = new HashMap<>(kafka.clientProperties());
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "accepted");
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < EXAMPLES_PER_CHECKPOINT - WAITING; i++) {
                LabelledExample example = new LabelledExample(
                        "new" + i, "a film of this version " + i, null, i % 2 == 0 ? "good" : "bad", null, null, null);
                byte[] value = Json.write(new AcceptedExample(example, new Origin("examples", 0, 1_000 + i, 0)))
                        .getBytes(UTF_8);
                var unused = producer.send(new ProducerRecord<>(Topics.ACCEPTED_EXAMPLES.name(), task, value));
            }
            producer.commitTransaction();
        }
    }
}
