package io.millrace.app.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.Adjustments;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.Origin;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.Reaction.Action;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.FreshExamples;
import io.millrace.schemas.store.Sha256;
import io.millrace.schemas.store.StorePaths;
import io.millrace.trainer.TrainerService;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.lineage.CheckpointReproduction;
import io.millrace.trainer.lineage.LineageCheck;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A running trainer answers verdicts that it reads from {@code model-updates}. A checkpoint holds one mini-batch of eight. */
class AnsweredVerdictsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int BATCH_SIZE = 8;
    private static final Adjustments HALF_RATE = new Adjustments(0.5, 1, null);

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;
    private static KafkaConnection kafka;
    private static KafkaProducer<String, byte[]> producer;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private String name;
    private int sent;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        kafka = new KafkaConnection(broker.connection().bootstrapServers(), Map.of());
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.createMissing(kafka, admin);
        }
        producer = new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), new ByteArraySerializer());
    }

    @AfterAll
    static void stop() {
        producer.close();
        broker.close();
    }

    @Test
    void shouldLowerTheRateSoThatTheCheckpointIsStillReproducible() throws Exception {
        // Given
        TrainedTask task = task("lower-learning-rate");
        CheckpointAnnouncement under;
        try (TrainerService trainer = trainer(task)) {
            trainer.start();
            List<CheckpointAnnouncement> rejected = train(2);
            judge(rejected.get(0), Verdict.REJECTED);
            judge(rejected.get(1), Verdict.REJECTED);
            awaitRead(rejected.get(1));

            // When
            List<CheckpointAnnouncement> all = train(4);
            CheckpointAnnouncement boundary = all.get(2);
            under = all.get(3);

            // Then
            assertThat(boundary.reactions()).singleElement().satisfies(reaction -> {
                assertThat(reaction.action()).isEqualTo(Action.LOWER_LEARNING_RATE);
                assertThat(reaction.after()).isEqualTo(HALF_RATE);
            });
            assertThat(manifest(boundary).lineage().adjustments()).isNull();
            assertThat(manifest(under).lineage().adjustments()).isEqualTo(HALF_RATE);
        }

        // When it is trained again, and when another trainer takes over
        CheckpointReproduction.Result again = new CheckpointReproduction(task, kafka, directory(under))
                .run(Files.createDirectory(folder.resolve("scratch")));
        CheckpointAnnouncement resumed;
        try (TrainerService trainer = trainer(task)) {
            trainer.start();
            resumed = train(5).get(4);
        }

        // Then
        assertThat(again.faults()).isEmpty();
        assertThat(again.isSame()).isTrue();
        assertThat(manifest(resumed).lineage().adjustments()).isEqualTo(HALF_RATE);
        assertThat(resumed.reactions()).isNull();
    }

    @Test
    void shouldReturnToTheChampionAndAccountForWhatItUndoes() throws Exception {
        // Given
        try (TrainerService trainer = trainer(task("return-to-champion"))) {
            trainer.start();
            List<CheckpointAnnouncement> judged = train(3);
            CheckpointAnnouncement champion = judged.get(0);
            judge(champion, Verdict.PROMOTED);
            judge(judged.get(1), Verdict.REJECTED);
            judge(judged.get(2), Verdict.REJECTED);
            awaitRead(judged.get(2));

            // When
            send();
            List<CheckpointAnnouncement> all = awaitAnnounced(7);
            send();
            CheckpointAnnouncement next = awaitAnnounced(8).get(7);

            // Then
            assertThat(all.get(4).parent()).isEqualTo(champion.checkpoint().id());
            assertThat(all.get(4).reactions()).singleElement().satisfies(reaction -> assertThat(reaction.action())
                    .isEqualTo(Action.RETURN_TO_CHAMPION));
            assertThat(filesOf(all.get(6))).isEqualTo(filesOf(champion));
            assertThat(next.parent()).isEqualTo(all.get(6).checkpoint().id());
        }
        assertThat(Topicwise.records(kafka, Topics.REJECTED_EXAMPLES))
                .hasSize(24)
                .allSatisfy(record -> assertThat(Topicwise.header(record, RejectionHeaders.REASON))
                        .isEqualTo("returned-to-champion"));
        assertThat(LineageCheck.of(kafka, folder.resolve("store"), name).faults())
                .isEmpty();
    }

    /** A task with the name of its answer. */
    private TrainedTask task(String onRejection) throws IOException {
        name = onRejection;
        Path encoder = Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert")
                .toAbsolutePath();
        Path file = Files.writeString(
                folder.resolve("millrace.yaml"),
                """
                store: store
                ingest: {stateDir: streams}
                tasks:
                  %s:
                    labels: [negative, positive]
                    training:
                      encoder: %s
                      batching: {batchSize: %d, maxTokens: 16, idleAfter: PT1H}
                      checkpoints: {everySteps: 1, keep: 10}
                      policy: {onRejection: %s, after: 2}
                """
                        .formatted(name, encoder, BATCH_SIZE, onRejection));
        return MillraceConfig.read(file).trainedTasks().get(0);
    }

    private TrainerService trainer(TrainedTask task) {
        return new TrainerService(kafka, folder.resolve("store"), List.of(task), metrics);
    }

    /** Sends mini-batches until so many are sent, and returns their announcements. */
    private List<CheckpointAnnouncement> train(int number) {
        while (sent < number * BATCH_SIZE) {
            send();
        }
        return awaitAnnounced(number);
    }

    private void send() {
        for (int i = 0; i < BATCH_SIZE; i++) {
            sent++;
            LabelledExample example = new LabelledExample(
                    Integer.toString(sent),
                    "film " + sent,
                    null,
                    sent % 2 == 0 ? "negative" : "positive",
                    null,
                    null,
                    null);
            String json = Json.write(new AcceptedExample(example, new Origin("examples", 0, sent, 0)));
            var unused = producer.send(new ProducerRecord<>("accepted-examples", name, json.getBytes(UTF_8)));
        }
        producer.flush();
    }

    /** Publishes a verdict that rests on a probe set of its own. */
    private void judge(CheckpointAnnouncement announcement, Verdict verdict) {
        String id = announcement.checkpoint().id();
        ProbeSetReference probes =
                new ProbeSetReference(probeSet(announcement), Sha256.of(id), Distribution.IN_DISTRIBUTION, 100);
        ModelUpdate update = new ModelUpdate(
                verdict,
                List.of(),
                new PublishedModel(announcement.checkpoint(), null, null),
                List.of(new ProbeScore(probes, 0.5, 0.5, 1, 0.1)),
                null,
                new ModelUpdate.Lineage(announcement.parent(), announcement.offsets()));
        var unused = producer.send(new ProducerRecord<>(
                "model-updates",
                name,
                Topics.MODEL_UPDATES.valueSerde().serializer().serialize("model-updates", update)));
    }

    /** Waits until the trainer has read the verdict on a checkpoint: then it shows the reuse of its probe set. */
    private void awaitRead(CheckpointAnnouncement announcement) {
        await().atMost(PATIENCE)
                .until(() -> metrics.find("millrace.trainer.probe.reuse")
                                .tags("task", name, "probe_set", probeSet(announcement))
                                .gauge()
                        != null);
    }

    private static String probeSet(CheckpointAnnouncement announcement) {
        return "probes of " + announcement.checkpoint().id();
    }

    private List<CheckpointAnnouncement> awaitAnnounced(int number) {
        return await().atMost(PATIENCE).until(this::announced, all -> all.size() == number);
    }

    private List<CheckpointAnnouncement> announced() {
        return Topicwise.values(kafka, Topics.CHECKPOINTS).stream()
                .filter(announcement -> announcement.checkpoint().task().equals(name))
                .toList();
    }

    /** All but the fresh examples: the champion was compared on them already. */
    private Map<String, FileHash> filesOf(CheckpointAnnouncement announcement) {
        Map<String, FileHash> files = new TreeMap<>(manifest(announcement).files());
        files.remove(FreshExamples.FILE_NAME);
        return files;
    }

    private CheckpointManifest manifest(CheckpointAnnouncement announcement) {
        return CheckpointManifest.readVerified(directory(announcement));
    }

    private Path directory(CheckpointAnnouncement announcement) {
        return StorePaths.resolve(
                folder.resolve("store"), announcement.checkpoint().location());
    }
}
