package io.millrace.app.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.config.TaskConfig;
import io.millrace.app.service.LocalServices;
import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.encoder.TextClassifier;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.ingest.IngestConfig;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.schemas.store.Sha256;
import io.millrace.schemas.store.StorePaths;
import io.millrace.trainer.config.BatchingConfig;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.DriftConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.OptimizerConfig;
import io.millrace.trainer.config.ScheduleConfig;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.config.TrainingConfigs;
import io.millrace.trainer.lineage.LineageCheck;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The whole path, from examples to a model that loads, with real services. */
abstract class StreamContract {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int BATCH_SIZE = 16;

    /** It learns nothing in so short a time, and a restart does not need that. */
    private static final Path TINY_ENCODER =
            Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert");

    private static final int MAX_RECORD_BYTES = 16 << 20;

    @TempDir
    Path directory;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    /** A broker that was never used before; called once a test. */
    abstract KafkaConnection broker();

    @Test
    void shouldAccountForEveryRecordAndPublishAModelThatLoads() throws Exception {
        // Given
        KafkaConnection kafka = broker();
        createTopics(kafka);
        List<LabelledExample> examples = StreamSlice.examples();
        Map<RejectionReason, byte[]> hostile = StreamSlice.hostile();
        send(kafka, StreamSlice.probes());

        // When
        MillraceConfig config = config(kafka, StreamSlice.encoder(directory));
        try (LocalServices services = LocalServices.start(config, metrics)) {
            send(kafka, examples.subList(0, 100), hostile);
            send(kafka, examples.subList(100, examples.size()), Map.of());
            send(kafka, examples.subList(0, 1), Map.of());
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(services.alive()).isTrue();
                assertThat(count("millrace.trainer.examples", "outcome", "trained"))
                        .isEqualTo(examples.size());
                assertThat(Topicwise.trained(kafka)).isEqualTo(examples.size());
                assertThat(Topicwise.values(kafka, Topics.MODEL_UPDATES))
                        .hasSameSizeAs(Topicwise.values(kafka, Topics.CHECKPOINTS));
            });
        }

        // Then
        assertCounted(examples.size(), hostile.size());
        assertRejected(kafka, hostile.keySet());
        assertLineage(kafka, examples.size());
        assertEndsShort(kafka, examples.size());
        assertJudged(kafka);
        assertDrift(kafka);
    }

    @Test
    void shouldGoOnAfterARestartWithoutGapOrRepeat() throws Exception {
        // Given
        KafkaConnection kafka = broker();
        createTopics(kafka);
        List<LabelledExample> examples = StreamSlice.examples();
        LabelledExample known = examples.get(0);
        send(kafka, StreamSlice.probes());
        MillraceConfig config = config(kafka, TINY_ENCODER);
        try (LocalServices services = LocalServices.start(config, metrics)) {
            send(kafka, examples.subList(0, 90), Map.of());
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(services.alive()).isTrue();
                assertThat(Topicwise.values(kafka, Topics.CHECKPOINTS)).isNotEmpty();
            });
        }

        // When
        try (LocalServices services = LocalServices.start(config, metrics)) {
            send(kafka, examples.subList(90, examples.size()), Map.of());
            send(kafka, List.of(known), Map.of(RejectionReason.CONFLICTING_ID, withId(known, "another text")));
            send(
                    kafka,
                    List.of(),
                    Map.of(
                            RejectionReason.IN_PROBE_SET,
                            withId(
                                    examples.get(1),
                                    StreamSlice.probes().get(0).example().text())));
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(services.alive()).isTrue();
                assertThat(Topicwise.trained(kafka)).isEqualTo(examples.size());
                assertThat(Topicwise.records(kafka, Topics.REJECTED_EXAMPLES)).hasSize(2);
            });
        }

        // Then
        assertLineage(kafka, examples.size());
        assertRejected(kafka, List.of(RejectionReason.CONFLICTING_ID, RejectionReason.IN_PROBE_SET));
    }

    private MillraceConfig config(KafkaConnection kafka, Path encoder) {
        TrainingConfig training = TrainingConfigs.plain(encoder)
                .withCompute(new Compute("cpu", Precision.F32))
                .withMethod(Method.SMART)
                .withOptimizer(new OptimizerConfig(5e-4, new ScheduleConfig(0, 0), null, null, null, null, null))
                .withBatching(new BatchingConfig(BATCH_SIZE, 32, null, Duration.ofSeconds(3)))
                .withCheckpoints(new CheckpointConfig(3, null, 3, null))
                .withDrift(new DriftConfig(48, 0.3, null, 100L, null, null, null, null, null))
                .build();
        EvaluationConfig evaluation = new EvaluationConfig(new Compute("cpu", Precision.F32), null, null, null, null);
        return new MillraceConfig(
                kafka,
                directory.resolve("store"),
                null,
                new IngestConfig(directory.resolve("streams"), null, null),
                Map.of(
                        StreamSlice.TASK,
                        new TaskConfig(
                                TaskKind.SINGLE, StreamSlice.LABELS, null, null, null, 500, training, evaluation)));
    }

    /** Rule 1 of the design: every record ends in exactly one counter. */
    private void assertCounted(int good, int bad) {
        double received = count("millrace.ingest.received");
        assertThat(received).isEqualTo(good + bad + 2);
        assertThat(count("millrace.ingest.accepted")).isEqualTo(good);
        assertThat(count("millrace.ingest.rejected")).isEqualTo(bad + 1);
        assertThat(count("millrace.ingest.duplicate")).isEqualTo(1);
        assertThat(count("millrace.trainer.accepted"))
                .isEqualTo(good)
                .isEqualTo(count("millrace.trainer.examples") + gauge("millrace.trainer.pending"));
        assertThat(count("millrace.trainer.examples", "outcome", "quarantined")).isZero();
    }

    private static void assertRejected(KafkaConnection kafka, Iterable<RejectionReason> reasons) {
        Map<String, ConsumerRecord<String, byte[]>> byReason =
                Topicwise.records(kafka, Topics.REJECTED_EXAMPLES).stream()
                        .collect(Collectors.toMap(
                                record -> Topicwise.header(record, RejectionHeaders.REASON), record -> record));
        for (RejectionReason reason : reasons) {
            assertThat(byReason).containsKey(reason.wireName());
            ConsumerRecord<String, byte[]> record = byReason.get(reason.wireName());
            assertThat(Topicwise.header(record, RejectionHeaders.TOPIC)).isEqualTo(Topics.EXAMPLES.name());
            assertThat(Topicwise.header(record, RejectionHeaders.OFFSET)).matches("\\d+");
            assertThat(Topicwise.header(record, RejectionHeaders.MESSAGE)).isNotBlank();
        }
    }

    /** Rule 2: along the announced checkpoints every accepted offset is trained exactly once. */
    private void assertLineage(KafkaConnection kafka, int examples) throws IOException {
        assertThat(LineageCheck.of(kafka, directory.resolve("store"), StreamSlice.TASK)
                        .faults())
                .isEmpty();
        List<CheckpointAnnouncement> checkpoints = Topicwise.values(kafka, Topics.CHECKPOINTS);
        String parent = null;
        long next = 0;
        for (CheckpointAnnouncement checkpoint : checkpoints) {
            assertThat(checkpoint.parent()).isEqualTo(parent);
            assertThat(checkpoint.offsets().first()).isEqualTo(next);
            assertThat(checkpoint.training())
                    .containsKeys("taskLoss", "smoothnessLoss", "proximalLoss", "prequentialAccuracy");
            parent = checkpoint.checkpoint().id();
            next = checkpoint.offsets().next();
        }
        assertThat(Topicwise.trained(kafka)).isEqualTo(examples);
        assertThat(Topicwise.values(kafka, Topics.ACCEPTED_EXAMPLES)).hasSize(examples);
    }

    /** The rest of a stream that went through at one go is a short mini-batch, trained when the stream fell silent. */
    private void assertEndsShort(KafkaConnection kafka, int examples) throws IOException {
        List<CheckpointAnnouncement> checkpoints = Topicwise.values(kafka, Topics.CHECKPOINTS);
        CheckpointManifest newest = CheckpointManifest.readVerified(StorePaths.resolve(
                directory.resolve("store"),
                checkpoints.get(checkpoints.size() - 1).checkpoint().location()));
        var last = newest.lineage()
                .miniBatches()
                .get(newest.lineage().miniBatches().size() - 1);
        assertThat(last.examples()).isEqualTo(examples % BATCH_SIZE);
        assertThat(last.outcome()).isEqualTo(Outcome.TRAINED_SHORT);
    }

    private void assertJudged(KafkaConnection kafka) throws IOException {
        List<CheckpointAnnouncement> checkpoints = Topicwise.values(kafka, Topics.CHECKPOINTS);
        List<CheckpointEvaluation> evaluations = Topicwise.values(kafka, Topics.EVALUATIONS);
        assertThat(evaluations)
                .extracting(CheckpointEvaluation::checkpoint)
                .containsExactlyElementsOf(checkpoints.stream()
                        .map(CheckpointAnnouncement::checkpoint)
                        .toList());

        List<ModelUpdate> updates = Topicwise.values(kafka, Topics.MODEL_UPDATES);
        assertThat(updates)
                .extracting(ModelUpdate::verdict)
                .startsWith(Verdict.PROMOTED)
                .contains(Verdict.REJECTED);
        assertThat(updates)
                .allSatisfy(update -> assertThat(update.lineage().offsets()).isNotNull());
        ConsumerRecord<String, byte[]> event =
                Topicwise.records(kafka, Topics.MODEL_UPDATES).get(0);
        assertThat(Topicwise.header(event, "ce_specversion")).isEqualTo("1.0");
        assertThat(Topicwise.header(event, "ce_type")).isEqualTo("io.millrace.model-update.promoted");
        assertThat(event.key()).isEqualTo(StreamSlice.TASK);

        ModelUpdate promoted = updates.stream()
                .filter(update -> update.verdict() == Verdict.PROMOTED)
                .reduce((first, second) -> second)
                .orElseThrow();
        assertReloads(promoted);
    }

    /** The promoted model, loaded from where the event says, scores what the event says. */
    private void assertReloads(ModelUpdate promoted) throws IOException {
        Path model =
                StorePaths.resolve(directory.resolve("store"), promoted.model().location());
        assertThat(Sha256.of(model.resolve("model.safetensors")))
                .isEqualTo(promoted.model().sha256());
        List<LabelledExample> known = StreamSlice.probes().stream()
                .filter(probe -> probe.probeSet().equals("known"))
                .map(ProbeExample::example)
                .toList();
        int right = 0;
        try (TextClassifier classifier = TextClassifier.load(model, new Compute("cpu", Precision.F32))) {
            assertThat(classifier.labels()).isEqualTo(StreamSlice.LABELS);
            float[][] probabilities = classifier.probabilities(known.stream()
                    .map(example -> new TextInput(example.text(), null))
                    .toList());
            for (int i = 0; i < probabilities.length; i++) {
                int best = probabilities[i][0] >= probabilities[i][1] ? 0 : 1;
                right += StreamSlice.LABELS.get(best).equals(known.get(i).label()) ? 1 : 0;
            }
        }
        ProbeScore score = promoted.scores().stream()
                .filter(one -> one.probeSet().name().equals("known"))
                .findFirst()
                .orElseThrow();
        assertThat(right / (double) known.size()).isEqualTo(score.accuracy());
    }

    private static void assertDrift(KafkaConnection kafka) {
        assertThat(Topicwise.values(kafka, Topics.DRIFT))
                .anySatisfy(event -> {
                    assertThat(event.metric()).isEqualTo("prequentialAccuracy");
                    assertThat(event.phase()).isEqualTo(DriftPhase.STARTED);
                })
                .anySatisfy(event -> {
                    assertThat(event.metric()).isEqualTo("accuracy/known");
                    assertThat(event.phase()).isEqualTo(DriftPhase.STARTED);
                });
        assertThat(Topicwise.header(Topicwise.records(kafka, Topics.DRIFT).get(0), "ce_type"))
                .startsWith("io.millrace.drift.");
    }

    private double count(String name, String... tags) {
        return metrics.find(name).tags(tags).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private double gauge(String name) {
        return metrics.find(name).gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
    }

    private static void createTopics(KafkaConnection kafka) throws InterruptedException {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.createMissing(kafka, admin);
        }
    }

    private static byte[] withId(LabelledExample example, String text) {
        return Json.write(Map.of("id", example.id(), "text", text, "label", example.label()))
                .getBytes(UTF_8);
    }

    private static void send(KafkaConnection kafka, List<ProbeExample> probes) {
        try (KafkaProducer<String, ProbeExample> producer = new KafkaProducer<>(
                kafka.clientProperties(),
                new StringSerializer(),
                Topics.PROBES.valueSerde().serializer())) {
            probes.forEach(probe -> {
                var unused = producer.send(new ProducerRecord<>(Topics.PROBES.name(), probe.key(), probe));
            });
        }
    }

    /** Sends the examples, then the hostile values, then one of an unknown task if there are any of those. */
    private static void send(
            KafkaConnection kafka, List<LabelledExample> examples, Map<RejectionReason, byte[]> hostile) {
        Map<String, Object> settings = new HashMap<>(kafka.clientProperties());
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES);
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            for (LabelledExample example : examples) {
                byte[] value = Json.write(example).getBytes(UTF_8);
                var unused = producer.send(new ProducerRecord<>(Topics.EXAMPLES.name(), StreamSlice.TASK, value));
            }
            for (byte[] value : hostile.values()) {
                var unused = producer.send(new ProducerRecord<>(Topics.EXAMPLES.name(), StreamSlice.TASK, value));
            }
            if (hostile.size() > 1) {
                var unused =
                        producer.send(new ProducerRecord<>(Topics.EXAMPLES.name(), "nobody", new byte[] {'{', '}'}));
            }
        }
    }
}
