package io.millrace.app.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.produce.ExampleProducer;
import io.millrace.app.service.LocalServices;
import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.encoder.TextClassifier;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.lineage.CheckpointReproduction;
import io.millrace.trainer.lineage.LineageCheck;
import io.millrace.trainer.lineage.LineageReport;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Three tasks of three kinds in one configuration, each with its own method and encoder, on one live stream. */
class ManyTasksIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int EXAMPLES = 32;
    private static final int TEXTS = 20;

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    void shouldTrainEveryTaskByItsOwnMethod() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            // Given
            KafkaConnection kafka = broker.connection();
            MillraceConfig config = config().withKafka(kafka);
            try (Admin admin = Admin.create(kafka.clientProperties())) {
                Topics.createMissing(kafka, admin);
            }
            sendTexts(kafka);

            // When
            try (LocalServices services = LocalServices.start(config, metrics)) {
                for (String task : List.of("news", "entailment", "rating")) {
                    send(kafka, Topics.EXAMPLES, task, examples(task));
                }
                send(
                        kafka,
                        Topics.EXAMPLES,
                        "entailment",
                        List.of("{\"id\":\"s\",\"text\":\"alone\",\"label\":\"yes\"}"));
                send(kafka, Topics.EXAMPLES, "rating", List.of("{\"id\":\"w\",\"text\":\"fine\",\"label\":\"good\"}"));
                send(kafka, Topics.EXAMPLES, "news", List.of("{\"id\":\"c\",\"text\":\"x\",\"label\":\"a\\u0007b\"}"));
                send(kafka, Topics.EXAMPLES, "news", List.of("{\"id\":\"m\",\"text\":\"x\",\"label\":\"too many\"}"));
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(services.alive()).isTrue();
                    assertThat(metrics.find("millrace.trainer.examples").tag("outcome", "trained").counters().stream()
                                    .mapToDouble(counter -> counter.count())
                                    .sum())
                            .isEqualTo(3 * EXAMPLES);
                });
                services.drain();
                await().atMost(PATIENCE).untilAsserted(() -> assertThat(reasons(kafka))
                        .containsExactlyInAnyOrder(
                                "examples empty-text",
                                "examples invalid-label",
                                "examples invalid-label",
                                "accepted-examples too-many-labels",
                                "texts invalid-json"));
            }

            // Then
            for (TrainedTask task : config.trainedTasks()) {
                assertProven(kafka, task);
            }
            assertTextsTile(kafka);
            assertThat(announcements(kafka, "news").get(0).training())
                    .containsKeys("maskedTokenLoss", "unlabelledLoss");
            assertThat(announcements(kafka, "entailment").get(0).training())
                    .containsKeys("smoothnessLoss", "proximalLoss");
            assertThat(announcements(kafka, "rating").get(0).training())
                    .containsKeys("maskedTokenLoss", "smoothnessLoss");
            assertThat(checkpoint(kafka, "news").resolve("replay.jsonl")).isRegularFile();
            assertThat(checkpoint(kafka, "news").resolve("decoder.safetensors")).isRegularFile();
            try (TextClassifier news = load(kafka, "news");
                    TextClassifier rating = load(kafka, "rating")) {
                assertThat(news.labels()).containsExactly("politics", "sport", "science");
                assertThat(rating.isRegression()).isTrue();
            }
        }
    }

    /** The lineage has no fault, and the newest checkpoint comes out the same when it is made again. */
    private void assertProven(KafkaConnection kafka, TrainedTask task) throws IOException {
        String name = task.task().name();
        LineageReport report = LineageCheck.of(kafka, folder.resolve("store"), name);
        assertThat(report.faults()).as(name).isEmpty();
        Path scratch = Files.createDirectory(folder.resolve("again-" + name));
        CheckpointReproduction.Result again =
                new CheckpointReproduction(task, kafka, checkpoint(kafka, name)).run(scratch);
        assertThat(again.faults()).as(name).isEmpty();
        assertThat(again.made()).as(name).isEqualTo(again.recorded());
    }

    private TextClassifier load(KafkaConnection kafka, String task) {
        return TextClassifier.load(checkpoint(kafka, task), new Compute("cpu", Precision.F32));
    }

    private Path checkpoint(KafkaConnection kafka, String task) {
        return folder.resolve("store").resolve(last(kafka, task).checkpoint().location());
    }

    private static void assertTextsTile(KafkaConnection kafka) {
        long next = 0;
        for (CheckpointAnnouncement announcement : announcements(kafka, "news")) {
            OffsetRange texts = announcement.texts();
            assertThat(texts.first()).isEqualTo(next);
            next = texts.next();
        }
        assertThat(next).as("every text, the malformed one among them").isEqualTo(TEXTS + 1L);
        assertThat(announcements(kafka, "rating")).allMatch(announcement -> announcement.texts() == null);
    }

    private static CheckpointAnnouncement last(KafkaConnection kafka, String task) {
        List<CheckpointAnnouncement> announcements = announcements(kafka, task);
        return announcements.get(announcements.size() - 1);
    }

    private static List<CheckpointAnnouncement> announcements(KafkaConnection kafka, String task) {
        return Topicwise.values(kafka, Topics.CHECKPOINTS).stream()
                .filter(announcement -> announcement.checkpoint().task().equals(task))
                .toList();
    }

    private static List<String> reasons(KafkaConnection kafka) {
        return Topicwise.records(kafka, Topics.REJECTED_EXAMPLES).stream()
                .map(record -> Topicwise.header(record, RejectionHeaders.TOPIC) + " "
                        + Topicwise.header(record, RejectionHeaders.REASON))
                .toList();
    }

    private MillraceConfig config() throws IOException {
        Path goldens = Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens");
        String yaml =
                """
                store: store
                ingest: {stateDir: streams}
                tasks:
                  news:
                    labels: [politics]
                    newLabels: grow
                    maxLabels: 3
                    training:
                      encoder: %1$s/bert
                      objective:
                        method: masked-tokens
                        maskedTokens: {masking: self-evolution, maskedEncoder: excluded, decoder: {warmupSteps: 2}}
                      replay: {share: 0.5, capacity: 10, sample: per-class}
                      batching: {batchSize: 8, maxTokens: 16, unlabelledShare: 0.5}
                      checkpoints: {everySteps: 2}
                  entailment:
                    kind: pair
                    labels: ["yes", "no"]
                    training:
                      encoder: %1$s/roberta
                      objective: {method: smart}
                      batching: {batchSize: 8, maxTokens: 16}
                  rating:
                    kind: regression
                    training:
                      encoder: %1$s/distilbert
                      objective: {method: mask-tuning+smart, maskTuning: {perturbed: masked}}
                      batching: {batchSize: 8, maxTokens: 16}
                """
                        .formatted(goldens.toAbsolutePath());
        return MillraceConfig.read(Files.writeString(folder.resolve("millrace.yaml"), yaml));
    }

    private static List<String> examples(String task) {
        return IntStream.range(0, EXAMPLES)
                .mapToObj(i -> {
                    String label =
                            switch (task) {
                                case "news" -> List.of("politics", "sport", "science")
                                        .get(i % 3);
                                case "entailment" -> i % 2 == 0 ? "yes" : "no";
                                default -> Double.toString(i % 5);
                            };
                    String pair = task.equals("entailment") ? "second text " + i : null;
                    return Json.write(new LabelledExample(
                            Integer.toString(i), "the text of number " + i, pair, label, null, null, null));
                })
                .toList();
    }

    private static void sendTexts(KafkaConnection kafka) {
        List<String> texts = new ArrayList<>(IntStream.range(0, TEXTS)
                .mapToObj(i -> Json.write(new UnlabelledText(Integer.toString(i), "unlabelled text number " + i)))
                .toList());
        texts.add(10, "{\"id\": \"blank\", \"text\": \" \"}");
        send(kafka, Topics.TEXTS, "news", texts);
    }

    private static void send(KafkaConnection kafka, Topic<?> topic, String task, List<String> values) {
        try (ExampleProducer producer = new ExampleProducer(kafka, topic, task)) {
            values.forEach(value -> producer.send(value.getBytes(UTF_8), List.of(), value));
            producer.flush();
        }
    }
}
